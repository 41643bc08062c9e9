/** An answer cut into its parts: text, citation marks, claims. */

import { characters, slice } from "./text.js";

const MARK = /\[(\d+)\]/;
const MARKS_AHEAD = /^(?:\s*\[\d+\])+/;

/**
 * Text and the numbers of its citation marks, in their order.
 * @returns {{text: string, number: number|null}[]}
 */
export function marked(text) {
  const parts = text
    .split(MARK)
    .map((part, i) => (i % 2 ? mark(part) : { text: part, number: null }));
  return parts.filter((part) => part.text);
}

/**
 * The answer in claims and what lies between them. Citation marks right after a claim are its own.
 * @param {string} answer
 * @param {Object[]} verdicts VerdictOut; the offsets of their claims count characters
 * @returns {{text: string, marks: string, verdict: Object|null}[]}
 */
export function claims(answer, verdicts) {
  const chars = characters(answer);
  const parts = [];
  let at = 0;
  for (const verdict of ordered(verdicts)) {
    const start = wordFrom(chars, Math.max(at, verdict.claim.start));
    const end = verdict.claim.end + closing(chars, verdict.claim);
    const marks = marksAhead(slice(chars, end, chars.length));
    parts.push({ text: slice(chars, at, start), marks: "", verdict: null });
    parts.push({ text: slice(chars, start, end), marks, verdict });
    at = end + marks.length;
  }
  parts.push({ text: slice(chars, at, chars.length), marks: "", verdict: null });
  return parts.filter((part) => part.text);
}

const mark = (number) => ({ text: `[${number}]`, number: Number(number) });
const ordered = (verdicts) => [...verdicts].sort((a, b) => a.claim.start - b.claim.start);
/** The first place from `at` that is no space. */
function wordFrom(chars, at) {
  const spaces = chars.slice(at).findIndex((char) => char.trim());
  return at + Math.max(0, spaces);
}

/** Of `**Claim.** Next.` the claim ends before the asterisks that end its bold part. */
function closing(chars, { start, end }) {
  const opened = slice(chars, start, end).split("**").length % 2 === 0;
  return opened && slice(chars, end, end + 2) === "**" ? 2 : 0;
}

const marksAhead = (text) => MARKS_AHEAD.exec(text)?.[0] ?? "";
