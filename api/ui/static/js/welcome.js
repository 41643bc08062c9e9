/** What stands where the conversation will be. */

import { button } from "./controls.js";
import { byId } from "./dom.js";
import { count } from "./format.js";

const PROMISE =
  "Each sentence of an answer points to the passage it comes from, and is checked against it.";

/**
 * Say what can be done now.
 * @param {Object|null} collection the chosen one
 * @param {{create: () => void, add: () => void}} actions
 */
export function showWelcome(collection, actions) {
  const state = stateOf(collection, actions);
  byId("welcome-title").textContent = state.title;
  byId("welcome-text").textContent = state.text;
  byId("welcome-actions").replaceChildren(...state.buttons);
}

function stateOf(collection, actions) {
  if (!collection) return none(actions);
  return collection.documents ? ready(collection) : bare(collection, actions);
}

const ready = ({ name, documents, rows }) => ({
  title: `Ask ${name}`,
  text: `${count(documents, "document")}, ${count(rows, "passage")}. ${PROMISE}`,
  buttons: [],
});

const bare = ({ name }, { add }) => ({
  title: `${name} is empty`,
  text: "Drop files anywhere on this page to index them, or choose them. Then ask.",
  buttons: [button("Add documents", add, "accent")],
});

const none = ({ create }) => ({
  title: "Ask your documents",
  text: `Nothing is indexed yet. Make a collection, drop files into it, and ask. ${PROMISE}`,
  buttons: [button("Make a collection", create, "accent")],
});
