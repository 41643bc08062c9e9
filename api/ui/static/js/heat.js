/**
 * The late-interaction heat map: which words of a passage the question's tokens match best.
 *
 * MaxSim is the sum over the question's tokens of their best dot product (Khattab & Zaharia 2020).
 * Dot products have no fixed upper end, so shades are shares of the passage's largest one.
 */

import { characters, slice } from "./text.js";

export const SHADES = 5;

/** The largest score among matches, 0 where there is none. */
export const strongest = (matches) => Math.max(0, ...matches.map((match) => match.score));

/** The shade of a score: 1 (weak) to SHADES (strong); 0 for none. */
export function shade(score, most) {
  if (score <= 0 || most <= 0) return 0;
  return Math.min(SHADES, Math.max(1, Math.ceil((score / most) * SHADES)));
}

/**
 * A text cut where a shade or the quote begins or ends.
 * @param {string} text
 * @param {{passage: {start: number, end: number}, score: number}[]} matches in the text
 * @param {{start: number, end: number}|null} quote
 * @returns {{text: string, score: number, quoted: boolean}[]} score 0: no token's best match
 */
export function segments(text, matches, quote) {
  const chars = characters(text);
  const bounds = [...matches.map((match) => match.passage), ...(quote ? [quote] : [])];
  const cuts = new Set([0, chars.length, ...bounds.flatMap(({ start, end }) => [start, end])]);
  const places = [...cuts].filter((at) => at >= 0 && at <= chars.length).sort((a, b) => a - b);
  return places.slice(0, -1).map((start, i) => ({
    text: slice(chars, start, places[i + 1]),
    score: strongest(matches.filter(({ passage }) => covers(passage, start))),
    quoted: quote !== null && covers(quote, start),
  }));
}

const covers = ({ start, end }, at) => start <= at && at < end;
