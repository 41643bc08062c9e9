/** How to search: what is left as it is stays with the server's settings. */

import { byId, make } from "./dom.js";
import { readFilter } from "./filters.js";
import { count } from "./format.js";
import { LEG_NAMES, RERANKS } from "./names.js";

const USUAL_LEGS = ["dense", "sparse", "fulltext"];

/** Fill the choices and keep the summary true. */
export function installOptions() {
  const choices = Object.entries(LEG_NAMES).map(([leg, name]) => choice(leg, name));
  byId("legs")
    .querySelector(".choices")
    .append(...choices);
  const reranks = Object.entries(RERANKS).map(([value, name]) => make("option", { value }, name));
  byId("rerank").append(...reranks);
  byId("options").addEventListener("input", summarize);
  byId("options").addEventListener("toggle", summarize);
  // What the browser complains about must be seen.
  byId("options").addEventListener("invalid", () => (byId("options").open = true), true);
}

/** The members of a request. */
export function readOptions() {
  const filter = readFilter();
  return { ...changes(), explain: byId("explain").checked, ...(filter && { filter }) };
}

/** Say what is changed, beside the folded options. */
export function summarize() {
  const filter = readFilter();
  const parts = filter ? (filter.and ?? [filter]).length : 0;
  const names = Object.keys(changes()).map((name) => NAMES[name]);
  const told = parts ? [...names, count(parts, "condition")] : names;
  byId("options-summary").textContent = told.length ? `· ${told.join(", ")}` : "";
}

const NAMES = { legs: "legs", rerank: "order", top_k: "passages", candidates: "candidates" };

function changes() {
  const legs = chosenLegs();
  const usual = legs.length === 0 || legs.join() === USUAL_LEGS.join();
  return {
    ...(!usual && { legs }),
    ...(byId("rerank").value && { rerank: byId("rerank").value }),
    ...number("top_k"),
    ...number("candidates"),
  };
}

const number = (name) => (byId(name).value ? { [name]: byId(name).valueAsNumber } : {});

const chosenLegs = () =>
  [...byId("legs").querySelectorAll("input:checked")].map((input) => input.value);

function choice(leg, name) {
  const input = make("input", { type: "checkbox", value: leg, checked: USUAL_LEGS.includes(leg) });
  return make("label", {}, input, name);
}
