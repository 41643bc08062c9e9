/** The filter builder: conditions on the fields that the collection declares, all of which hold. */

import { button } from "./controls.js";
import { byId, make } from "./dom.js";
import { INPUTS, kindOfValue, OPERATIONS, READ } from "./field_types.js";

// Every collection has these.
const BUILT_IN = { title: "string", doc_id: "string" };
let fields = BUILT_IN;

/** Let fields of the collection be filtered by; conditions on those of another one go. */
export function setFields(declared) {
  const known = Object.entries(declared).filter(([, type]) => type in OPERATIONS);
  fields = { ...Object.fromEntries(known), ...BUILT_IN };
  byId("filter-rows").replaceChildren();
  changed();
}

/** Make the button work. */
export function installFilters() {
  byId("add-filter").addEventListener("click", () => {
    const row = filterRow();
    byId("filter-rows").append(row);
    row.querySelector("select").focus();
    changed();
  });
}

/** The filter as the API takes it; null: none. */
export function readFilter() {
  const conditions = [...byId("filter-rows").children].map(readRow).filter(Boolean);
  if (conditions.length < 2) return conditions[0] ?? null;
  return { and: conditions };
}

function readRow(row) {
  const [field, op] = ["field", "op"].map((part) => partOf(row, part).value);
  const kind = kindOfValue(fields[field], op);
  if (kind === "none") return { field, op };
  const text = partOf(row, "value").value.trim();
  return text === "" ? null : { field, op, value: READ[kind](text) };
}

const part = (tag, name, label, more = {}, ...children) =>
  make(tag, { "data-part": name, "aria-label": label, ...more }, ...children);

const partOf = (row, part) => row.querySelector(`[data-part="${part}"]`);

function filterRow() {
  const names = Object.keys(fields).map((name) => make("option", {}, name));
  const row = make("div", { class: "filter", role: "group", "aria-label": "Condition" });
  row.append(
    part("select", "field", "Field", { onchange: () => fillOperations(row) }, ...names),
    part("select", "op", "Comparison", { onchange: () => fillValue(row) }),
    part("input", "value", "Value"),
    button("✕", () => remove(row), "quiet", { "aria-label": "Remove this condition" }),
  );
  fillOperations(row);
  return row;
}

function fillOperations(row) {
  const operations = OPERATIONS[fields[partOf(row, "field").value]];
  const options = operations.map(({ op, name }) => make("option", { value: op }, name));
  partOf(row, "op").replaceChildren(...options);
  fillValue(row);
}

function fillValue(row) {
  const kind = kindOfValue(fields[partOf(row, "field").value], partOf(row, "op").value);
  partOf(row, "value").replaceWith(valueInput(kind));
  changed();
}

function valueInput(kind) {
  if (kind === "none") return part("input", "value", "Value", { hidden: true });
  if (kind !== "boolean") return part("input", "value", "Value", INPUTS[kind]);
  const answers = { true: "yes", false: "no" };
  const options = Object.entries(answers).map(([value, name]) => make("option", { value }, name));
  return part("select", "value", "Value", {}, ...options);
}

function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("select") ?? byId("add-filter")).focus();
  changed();
}

/** Rows come and go without an event of their own. */
const changed = () => byId("options").dispatchEvent(new Event("input"));
