/**
 * What a sentence was held against: shown on hover, on focus and on a tap. It can be hovered
 * itself, and Escape takes it away (WCAG 2.2, 1.4.13).
 */

import { byId, make } from "./dom.js";
import { percent } from "./format.js";
import { verdictOf } from "./names.js";

const GAP = 8;
const DWELL_MS = 200; // a pointer on its way elsewhere opens nothing
const PATIENCE_MS = 150;
let shown = null;
let timer = 0;

/** Show the verdict's evidence at `claim` when it or `badge` is pointed at. */
export function explain(claim, badge, verdict) {
  const show = () => open(claim, verdict);
  for (const element of [claim, badge]) {
    element.addEventListener("mouseenter", () => after(DWELL_MS, show));
    element.addEventListener("mouseleave", leave);
  }
  badge.addEventListener("focus", show);
  badge.addEventListener("click", show);
  badge.addEventListener("blur", closeEvidence);
}

/** Make the box itself hoverable, and Escape close it. */
export function installEvidence() {
  byId("evidence").addEventListener("mouseenter", () => clearTimeout(timer));
  byId("evidence").addEventListener("mouseleave", leave);
  addEventListener("scroll", closeEvidence, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || byId("evidence").hidden) return;
    event.preventDefault(); // the panel stays
    closeEvidence();
  });
}

function open(claim, verdict) {
  closeEvidence();
  shown = claim;
  claim.classList.add("claim--lit");
  const box = byId("evidence");
  box.dataset.tone = verdictOf(verdict.label).tone;
  box.replaceChildren(...content(verdict));
  box.hidden = false;
  place(box, claim.getClientRects());
}

const leave = () => after(PATIENCE_MS, closeEvidence);

function after(ms, action) {
  clearTimeout(timer);
  timer = setTimeout(action, ms);
}

/** Take the box away. */
export function closeEvidence() {
  clearTimeout(timer);
  shown?.classList.remove("claim--lit");
  shown = null;
  byId("evidence").hidden = true;
}

function content({ label, score, evidence, unsupported }) {
  const sure = Number.isFinite(score) ? ` · support ${percent(score)}` : "";
  return [
    make("p", {}, make("strong", {}, verdictOf(label).name), sure),
    ...unsupported.map(({ text, reason }) => make("p", {}, `“${text}”: ${reason}`)),
    ...evidence.slice(0, 2).map(quote),
    evidence.length ? null : make("p", { class: "muted" }, "No passage speaks of this."),
  ].filter(Boolean);
}

const quote = ({ quote: text, passage }) =>
  make("blockquote", {}, text, make("cite", { class: "muted" }, `Passage ${passage}`));

/** Below the sentence's last line, or above its first where there is more room. */
function place(box, lines) {
  const [first, last] = [lines[0], lines[lines.length - 1]];
  const below = last.bottom + GAP;
  const fits = below + box.offsetHeight < innerHeight || first.top < innerHeight - last.bottom;
  const top = fits ? below : first.top - box.offsetHeight - GAP;
  const left = Math.min(last.left, innerWidth - box.offsetWidth - 2 * GAP);
  box.style.top = `${Math.max(GAP, top)}px`;
  box.style.left = `${Math.max(2 * GAP, left)}px`;
}
