/** Files that are dropped anywhere on the page, or chosen, to be indexed. */

import { button } from "./controls.js";
import { byId, make } from "./dom.js";

const KINDS = "Text, Markdown, HTML, PDF, office files, e-mail, code, archives";

/**
 * Take files that are dropped on the page.
 * @param {() => string} target the name of the collection that takes them
 * @param {(files: File[]) => void} take
 */
export function installDrop(target, take) {
  const shade = byId("drop-target");
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    byId("drop-name").textContent = target();
    shade.hidden = inDialog();
  });
  addEventListener("dragleave", (event) => (shade.hidden ||= event.relatedTarget === null));
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    shade.hidden = true;
    if (!inDialog()) take([...event.dataTransfer.files]);
  });
}

/** A place that says so, with a button for those who do not drag. */
export function dropPlace(take) {
  const input = make("input", {
    type: "file",
    multiple: true,
    class: "visually-hidden",
    tabindex: "-1",
    "aria-label": "Files to index",
    onchange: () => take([...input.files]),
  });
  const choose = button("Choose files", () => input.click(), "accent");
  return make(
    "div",
    { class: "drop" },
    make("p", {}, "Drop files anywhere on this page"),
    make("p", { class: "muted" }, KINDS),
    choose,
    input,
  );
}

const inDialog = () => document.querySelector("dialog[open]") !== null;
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
