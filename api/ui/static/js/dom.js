/**
 * Elements made in script. Text goes in as text nodes only, so that nothing that a document or the
 * server says can become markup.
 */

/**
 * Make an element.
 * @param {string} tag
 * @param {Object} properties attributes by their HTML names; `on…` are listeners; true is an
 *   empty attribute, false, null and undefined are none
 * @param {...(Node|string|number|null)} children
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The element with an id; the page has all that are asked for. */
export const byId = (id) => document.getElementById(id);

/** Words for screen readers only. */
export const unseen = (text) => make("span", { class: "visually-hidden" }, text);

/** A sign that stands for words said elsewhere. */
export const sign = (text) => make("span", { "aria-hidden": "true" }, text);

/** Say something to screen readers without moving them. */
export function announce(text) {
  byId("status").textContent = text;
}

function set(element, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : value);
}
