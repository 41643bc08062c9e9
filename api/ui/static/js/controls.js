/** Buttons as the page has them. */

import { make } from "./dom.js";

/**
 * A button.
 * @param {string} text
 * @param {() => void} action
 * @param {string} kinds of style, such as "quiet small"
 * @param {Object} more properties
 */
export function button(text, action, kinds = "", more = {}) {
  const styles = kinds
    .split(" ")
    .filter(Boolean)
    .map((kind) => `button--${kind}`);
  const properties = { type: "button", class: ["button", ...styles].join(" "), onclick: action };
  return make("button", { ...properties, ...more }, text);
}
