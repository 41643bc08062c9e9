/** The answer as elements: citation buttons, and each sentence in the tone of its verdict. */

import { claims, marked } from "./answer_parts.js";
import { make, sign, unseen } from "./dom.js";
import { closeEvidence, explain } from "./evidence.js";
import { count } from "./format.js";
import { inline } from "./inline.js";
import { verdictOf } from "./names.js";

/** Nodes of text whose citation marks are buttons. */
export function cited(text, citations, show) {
  return marked(text).flatMap((part) => {
    const citation = citations.get(part.number);
    return citation ? [citeButton(citation, show)] : inline(part.text);
  });
}

/** Nodes of a checked answer. */
export function checked(answer, verdicts, citations, show) {
  return claims(answer, verdicts).flatMap(({ text, marks, verdict }) =>
    verdict ? [claim(text, marks, verdict, citations, show)] : cited(text, citations, show),
  );
}

/** How many sentences have which verdict. */
export function tally(verdicts) {
  const labels = [...new Set(verdicts.map((verdict) => verdict.label))];
  const items = labels.map((label) => {
    const { name, sign: mark, tone } = verdictOf(label);
    const number = verdicts.filter((verdict) => verdict.label === label).length;
    const text = `${name}: ${count(number, "sentence")}`;
    return make("li", { "data-tone": tone }, sign(`${mark} `), text);
  });
  return make("ul", { class: "tally", "aria-label": "Verdicts" }, ...items);
}

function claim(text, marks, verdict, citations, show) {
  const { tone } = verdictOf(verdict.label);
  const words = cited(text, citations, show);
  const span = make("span", { class: "claim", "data-tone": tone }, ...words);
  const badge = verdictButton(verdict);
  explain(span, badge, verdict);
  const own = cited(marks.trim(), citations, show);
  return make("span", { "data-label": verdict.label }, span, ...own, badge);
}

function verdictButton({ label }) {
  const { name, sign: mark, tone } = verdictOf(label);
  return make(
    "button",
    { type: "button", class: "verdict", "data-tone": tone, "aria-describedby": "evidence" },
    sign(mark),
    unseen(name),
  );
}

function citeButton(citation, show) {
  const named = `Source ${citation.number}: ${citation.title || citation.doc_id}`;
  const button = make("button", { type: "button", class: "cite", title: named }, citation.number);
  button.ariaLabel = named;
  button.ariaExpanded = "false";
  button.dataset.citation = citation.number;
  button.addEventListener("click", () => {
    closeEvidence();
    show(citation, button);
  });
  return button;
}
