/** One passage in the panel: where it is from, what is cited of it, what the question matched. */

import { make } from "./dom.js";
import { fixed } from "./format.js";
import { heatLegend, heatTable, heatText } from "./heat_map.js";
import { openPanel } from "./panel.js";
import { baseName, characters, find, slice } from "./text.js";

/**
 * Show a passage.
 * @param {Object} passage PassageOut, or InsideOut with the document's names
 * @param {Object|null} citation CitationOut or EvidenceOut: what of it is quoted
 * @param {() => void} closed
 */
export function showPassage(passage, citation, closed) {
  const matches = (passage.explanation?.tokens ?? []).filter(({ passage: { text } }) => text);
  const inText = matches.filter((match) => !match.in_title);
  const quote = citation && quoteIn(passage, citation);
  openPanel(
    citation?.number ? `Source [${citation.number}]` : "Passage",
    [
      make("h3", {}, passage.title || baseName(passage.doc_id)),
      heatText(passage.text, inText, quote),
      citation && !quote ? make("blockquote", {}, citation.quote) : null,
      heatLegend(inText, quote !== null),
      matches.length ? heatTable(matches) : null,
      facts(passage),
    ].filter(Boolean),
    closed,
  );
  document.querySelector("#panel-body .quote")?.scrollIntoView({ block: "nearest" });
}

/** Where the quote lies in the passage's text; null: in none of it. */
function quoteIn(passage, { start, end, quote }) {
  const chars = characters(passage.text);
  const place = { start: start - passage.start, end: end - passage.start };
  if (place.start >= 0 && slice(chars, place.start, place.end) === quote) return place;
  const found = find(chars, quote);
  return found < 0 ? null : { start: found, end: found + characters(quote).length };
}

function facts(passage) {
  const metadata = Object.entries(passage.metadata ?? {});
  const rows = [
    ["Document", passage.doc_id],
    ["Characters", `${passage.start}–${passage.end}`],
    ["Rank", passage.rank],
    ["Relevance", Number.isFinite(passage.relevance) ? fixed(passage.relevance, 2) : null],
    ...metadata.map(([name, value]) => [name, [value].flat().join(", ")]),
  ];
  const known = rows.filter(([, value]) => value !== null && value !== undefined);
  const pairs = known.flatMap(([name, value]) => [
    make("dt", {}, name),
    make("dd", {}, String(value)),
  ]);
  return make("dl", { class: "facts" }, ...pairs);
}
