/** The question box: Enter asks, Shift Enter starts a new line. */

import { byId } from "./dom.js";

/**
 * Make it work.
 * @param {(question: string) => void} ask
 * @param {() => void} stop
 */
export function installComposer(ask, stop) {
  const box = byId("question");
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(box, ask);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("composer").requestSubmit();
  });
  byId("stop").addEventListener("click", stop);
}

/** While a question is answered, it can be stopped and no other asked. */
export function setAsking(asking) {
  const focused = [byId("ask"), byId("stop")].includes(document.activeElement);
  byId("ask").hidden = asking;
  byId("stop").hidden = !asking;
  if (focused) byId(asking ? "stop" : "question").focus();
}

function submit(box, ask) {
  const question = box.value.trim();
  if (!question || byId("ask").hidden) return;
  box.value = "";
  byId("options").open = false;
  ask(question);
}
