/** Indexing jobs: each shows how far it is, what went wrong, and can be cancelled. */

import { attempt } from "./alerts.js";
import { cancelJob, getJob } from "./api.js";
import { button } from "./controls.js";
import { announce, make } from "./dom.js";
import { count } from "./format.js";

const ENDS = ["succeeded", "failed", "cancelled"];
const EVERY_MS = 500;
const PATIENCE = 5;
const MOST_ERRORS = 20;
const SILENT = "The server no longer tells how far this is; open this panel again to see.";
const STATES = {
  queued: "Waiting…",
  running: "Indexing…",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** Whether nothing more will come of a job. */
export const ended = (job) => ENDS.includes(job.state);

/** An element that follows a job to its end; then `done` is told. */
export function follow(job, label, done) {
  const card = make("li", { class: "job" });
  render(card, job, label);
  if (!ended(job)) watch(card, job, label, done);
  return card;
}

async function watch(card, job, label, done) {
  let now = job;
  let failures = 0;
  while (!ended(now) && failures < PATIENCE) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    const next = await getJob(job.id).catch((error) => error);
    failures = next instanceof Error ? failures + 1 : 0;
    now = next instanceof Error ? now : next;
    render(card, now, label);
  }
  if (failures) card.append(make("p", { role: "alert" }, SILENT));
  announce(`${label}: ${STATES[now.state]}`);
  done(now);
}

function render(card, job, label) {
  const { progress, state, errors } = job;
  const value = state === "queued" ? null : progress.fraction; // none: under way, how far unknown
  const bar = make("progress", { max: 1, value, "aria-label": label });
  const cancel = button("Cancel", () => attempt(() => cancelJob(job.id)), "small");
  const head = make("div", { class: "job__head" }, make("strong", {}, label));
  const text = make("p", { class: "muted" }, told(state, progress));
  if (!ended(job)) head.append(cancel);
  const list = errors.length ? [errorList(errors)] : [];
  keepFocus(card, [head, ...(ended(job) ? [] : [bar]), text, ...list]);
}

/** Twice a second there are new nodes; who is at the button stays there. */
function keepFocus(card, nodes) {
  const at = card.contains(document.activeElement);
  card.replaceChildren(...nodes);
  if (at) card.querySelector("button")?.focus();
}

function told(state, { documents_done: done, documents, chunks }) {
  const of = documents > 0 ? ` · ${done} of ${count(documents, "document")}` : "";
  return `${STATES[state] ?? state}${of}${chunks > 0 ? ` · ${count(chunks, "passage")}` : ""}`;
}

function errorList(errors) {
  const items = errors
    .slice(0, MOST_ERRORS)
    .map(({ source, detail }) =>
      make("li", {}, make("strong", {}, source ? `${source}: ` : ""), detail),
    );
  return make("ul", { class: "job__errors", "aria-label": "Errors" }, ...items);
}
