/** The heat map as elements: shaded text, its legend, and the same as a table. */

import { make } from "./dom.js";
import { fixed } from "./format.js";
import { segments, shade, SHADES, strongest } from "./heat.js";

/** The text with its shades, the quote underlined. */
export function heatText(text, matches, quote) {
  const most = strongest(matches);
  const parts = segments(text, matches, quote);
  return make("p", { class: "heat", lang: "" }, ...runs(parts, most));
}

/** What the shades and the underline mean. */
export function heatLegend(matches, quoted) {
  const most = strongest(matches);
  const line = make("p", {}, make("span", { class: "quote" }, "Underlined"), ": what is cited.");
  return make("div", { class: "legend" }, ...(most > 0 ? scale(most) : []), quoted ? line : null);
}

/** The matches as a table, for those who cannot see shades. */
export function heatTable(matches) {
  const rows = matches.map(({ question, passage, in_title: inTitle, score }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, question.text || "(whole)"),
      make("td", {}, passage.text || "(whole)", inTitle ? " (title)" : ""),
      make("td", { class: "number" }, fixed(score, 2)),
    ),
  );
  const head = make("tr", {}, column("Question"), column("Best match"), column("Score", "number"));
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  const scroll = { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Matches" };
  const summary = make("summary", {}, "Matches as a table");
  return make("details", {}, summary, make("div", scroll, table));
}

function scale(most) {
  const steps = Array.from({ length: SHADES }, (_, i) =>
    make("li", { "data-heat": i + 1 }, `≤ ${fixed(((i + 1) * most) / SHADES, 2)}`),
  );
  return [
    make("p", {}, "How well a word matches one of the question:"),
    make("ol", { class: "legend__scale" }, ...steps),
  ];
}

const column = (name, kind = null) => make("th", { scope: "col", class: kind }, name);

/** Neighbours inside the quote share one element, so that a screen reader reads it whole. */
function runs(parts, most) {
  const nodes = [];
  let quote = null;
  for (const part of parts) {
    if (part.quoted && !quote) nodes.push((quote = make("mark", { class: "quote" })));
    if (!part.quoted) quote = null;
    const node = shaded(part, most);
    if (quote) quote.append(node);
    else nodes.push(node);
  }
  return nodes;
}

function shaded({ text, score }, most) {
  const level = shade(score, most);
  if (!level) return document.createTextNode(text);
  return make("mark", { "data-heat": level, title: `score ${fixed(score, 2)}` }, text);
}
