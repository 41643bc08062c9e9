/** The two marks of Markdown that answers use inside sentences: **bold** and `code`. */

import { make } from "./dom.js";

const MARKED = /(\*\*[^*\n]+\*\*|`[^`\n]+`)/;

/** Nodes of a text; what is not closed stays as it is written. */
export const inline = (text) => text.split(MARKED).filter(Boolean).map(node);

function node(part) {
  if (!new RegExp(`^${MARKED.source}$`).test(part)) return document.createTextNode(part);
  if (part.startsWith("`")) return make("code", {}, part.slice(1, -1));
  return make("strong", {}, ...inline(part.slice(2, -2)));
}
