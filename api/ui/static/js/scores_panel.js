/** The panel of ranks, scores and times of one question. */

import { make } from "./dom.js";
import { duration, fixed } from "./format.js";
import { LEG_NAMES, RERANK_NAMES } from "./names.js";
import { openPanel } from "./panel.js";
import { baseName } from "./text.js";

const FUSED = "A fused score comes from ranks: it orders passages and is no measure of relevance.";
const MISSING =
  "Ranks and scores of single legs are there when “Show what matched” is chosen in the options.";

/** Show how the passages were found and how long each stage took. */
export function showScores(search, timings) {
  openPanel("Scores and timings", [scores(search), explained(search), stages(timings)]);
}

function scores({ passages }) {
  const legs = Object.keys(passages[0]?.leg_ranks ?? {});
  const names = legs.map((leg) => LEG_NAMES[leg] ?? leg);
  const head = ["#", "Passage", ...names, "Fused", "MaxSim", "Relevance"];
  const rows = passages.map((passage) => [
    passage.rank,
    passage.title || baseName(passage.doc_id),
    ...legs.map((leg) => passage.leg_ranks[leg] ?? "–"),
    fixed(passage.explanation?.fused, 4),
    fixed(passage.explanation?.maxsim, 2),
    fixed(passage.relevance, 2),
  ]);
  return table("Passages: the rank in each leg, and the scores", head, rows, 1);
}

function explained({ scored_by: scoredBy, passages }) {
  const order = RERANK_NAMES[scoredBy] ?? scoredBy;
  const missing = passages.length > 0 && !passages[0].explanation;
  return make(
    "p",
    { class: "muted" },
    `Ordered by ${order}. ${FUSED}${missing ? ` ${MISSING}` : ""}`,
  );
}

function stages(timings) {
  const rows = Object.entries(timings).map(([stage, ms]) => [stage, duration(ms)]);
  return table("Time of each stage", ["Stage", "Time"], rows, 0);
}

function table(caption, head, rows, named) {
  const kind = (i) => (i === named ? null : "number");
  const column = (name, i) => make("th", { scope: "col", class: kind(i) }, name);
  const cell = (value, i) =>
    i === named ? make("th", { scope: "row" }, value) : make("td", { class: "number" }, value);
  const scroll = { class: "table-scroll", tabindex: "0", role: "region", "aria-label": caption };
  const content = make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...head.map(column))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell)))),
  );
  return make("div", scroll, content);
}
