/** The list of passages below a question. */

import { make, unseen } from "./dom.js";
import { count, duration, fixed } from "./format.js";
import { baseName } from "./text.js";

/**
 * The passages of a search, in a part that folds.
 * @param {Object} search SearchResponse
 * @param {(passage: Object) => void} show called with the passage that is chosen
 */
export function passageList(search, show) {
  const { passages, timings_ms: timings } = search;
  const took = Object.values(timings).reduce((sum, ms) => sum + ms, 0);
  const items = passages.map((passage, i) => {
    const item = make("li", {}, passageButton(passage, show));
    item.style.animationDelay = `${i * 30}ms`;
    return item;
  });
  return make(
    "details",
    { class: "passages", open: true },
    make("summary", {}, `${count(passages.length, "passage")} in ${duration(took)}`),
    make("ol", { class: "passages__list" }, ...items),
  );
}

/** A passage of the search by its chunk, also one inside a document that was found. */
export function passageOf(search, chunkId) {
  const inside = search.passages.flatMap((passage) =>
    passage.inside.map((chunk) => ({ ...passage, explanation: null, ...chunk })),
  );
  return [...search.passages, ...inside].find((passage) => passage.chunk_id === chunkId) ?? null;
}

function passageButton(passage, show) {
  const known = Number.isFinite(passage.relevance);
  const relevance = known ? `relevance ${fixed(passage.relevance, 2)}` : "";
  return make(
    "button",
    { type: "button", class: "passage", onclick: () => show(passage) },
    make("span", { class: "passage__rank" }, unseen("Passage "), passage.rank),
    make("span", { class: "passage__title" }, passage.title || baseName(passage.doc_id)),
    make("span", { class: "passage__relevance" }, relevance),
    make("span", { class: "passage__text", lang: "" }, passage.text),
  );
}
