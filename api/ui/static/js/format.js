/** Numbers and counts as people read them. */

const WHOLE = new Intl.NumberFormat("en");

/** "1 passage", "12 passages". */
export const count = (number, noun) => `${WHOLE.format(number)} ${noun}${number === 1 ? "" : "s"}`;

/** A number with so many digits behind the point; a dash where there is none. */
export const fixed = (number, digits) => (Number.isFinite(number) ? number.toFixed(digits) : "–");

/** Milliseconds, or seconds where those read better. */
export const duration = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${fixed(ms / 1000, 1)} s`);

/** A share as a percentage. */
export const percent = (share) => `${Math.round(share * 100)} %`;
