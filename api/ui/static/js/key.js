/** The API key: asked for when the server wants one, kept as long as the tab. */

import { byId } from "./dom.js";

const NAME = "trident-key";

/** The headers that a request needs. */
export function keyHeaders() {
  const key = sessionStorage.getItem(NAME);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

let asking = null;

/** Ask for a key, once at a time. Whether one was given. */
export function askForKey() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

function ask() {
  const dialog = byId("key");
  const refused = sessionStorage.getItem(NAME) !== null;
  byId("key-title").textContent = refused
    ? "The server does not take this key"
    : "This server asks for a key";
  byId("key-value").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "given"), { once: true });
  });
}

/** Make the dialog work. */
export function installKeyDialog() {
  const dialog = byId("key");
  byId("key-cancel").addEventListener("click", () => dialog.close());
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(NAME, byId("key-value").value.trim());
    dialog.close("given");
  });
}
