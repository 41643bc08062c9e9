/**
 * The panel: beside the conversation where there is room, over it where there is none.
 * It takes the focus when it opens and gives it back when it closes.
 */

import { byId } from "./dom.js";

const BESIDE = matchMedia("(min-width: 64rem)");
let opener = null;
let whenClosed = () => {};

/**
 * Show nodes in the panel.
 * @param {string} title
 * @param {Node[]} nodes
 * @param {() => void} closed called when the panel closes or shows something else
 */
export function openPanel(title, nodes, closed = () => {}) {
  whenClosed();
  whenClosed = closed;
  const panel = byId("panel");
  if (panel.hidden || !panel.contains(document.activeElement)) opener = document.activeElement;
  byId("panel-title").textContent = title;
  byId("panel-body").replaceChildren(...nodes);
  byId("panel-body").scrollTop = 0;
  panel.hidden = false;
  coverRest();
  byId("panel-title").focus({ preventScroll: true });
}

/** Close it, if it is open. */
export function closePanel() {
  if (byId("panel").hidden) return;
  byId("panel").hidden = true;
  byId("panel-body").replaceChildren();
  coverRest();
  whenClosed();
  whenClosed = () => {};
  (opener?.isConnected ? opener : byId("question")).focus();
}

/** Make its button, Escape and changes of the window's width work. */
export function installPanel() {
  byId("panel-close").addEventListener("click", closePanel);
  BESIDE.addEventListener("change", coverRest);
  document.addEventListener("keydown", (event) => {
    const taken = event.defaultPrevented || document.querySelector("dialog[open]");
    if (event.key === "Escape" && !taken) closePanel();
  });
}

/** What lies under the panel cannot be reached. */
function coverRest() {
  const covered = !byId("panel").hidden && !BESIDE.matches;
  const rest = document.querySelectorAll(".bar, .talk, .skip-link");
  for (const part of rest) part.inert = covered;
}
