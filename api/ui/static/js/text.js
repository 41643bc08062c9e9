/**
 * Offsets. The server counts characters (code points), a browser UTF-16 units: an emoji is one of
 * the former and two of the latter.
 */

/** The characters of a text, to be sliced with the server's offsets. */
export const characters = (text) => Array.from(text);

/** Characters `start` to `end` as a string. */
export const slice = (chars, start, end) => chars.slice(start, end).join("");

/** Where `part` begins in the characters, or -1. */
export function find(chars, part) {
  const unit = chars.join("").indexOf(part);
  return unit < 0 ? -1 : characters(chars.join("").slice(0, unit)).length;
}

/** The last step of a path, for people. */
export const baseName = (path) => path.split("/").filter(Boolean).at(-1) ?? path;
