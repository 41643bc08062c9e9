/** The dialog that makes a collection. */

import { createCollection } from "./api.js";
import { button } from "./controls.js";
import { byId, make } from "./dom.js";
import { OPERATIONS } from "./field_types.js";

/** Make the dialog work; `created` is told the name of each new collection. */
export function installNewCollection(created) {
  const dialog = byId("create");
  byId("create-cancel").addEventListener("click", () => dialog.close());
  byId("create-add").addEventListener("click", addField);
  byId("create-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await tryToCreate()) {
      dialog.close();
      created(byId("create-name").value.trim());
    }
  });
}

/** Ask for a new collection. */
export function openNewCollection(name = "") {
  byId("create-form").reset();
  byId("create-fields").replaceChildren();
  byId("create-error").textContent = "";
  byId("create-name").value = name;
  byId("create").showModal();
  byId("create-name").select();
}

async function tryToCreate() {
  try {
    await createCollection(specification());
    return true;
  } catch (error) {
    if (error.name !== "Problem") throw error;
    byId("create-error").textContent = error.message;
    return false;
  }
}

function specification() {
  const rows = [...byId("create-fields").children].map((row) => [
    row.querySelector("input").value.trim(),
    row.querySelector("select").value,
  ]);
  return {
    name: byId("create-name").value.trim(),
    fields: Object.fromEntries(rows.filter(([name]) => name)),
    unit: byId("create-unit").value,
    tensor_storage: byId("create-storage").value,
  };
}

function addField() {
  const types = Object.keys(OPERATIONS).map((type) => make("option", {}, type));
  const row = make(
    "div",
    { class: "declared", role: "group", "aria-label": "Field" },
    make("input", { "aria-label": "Name of the field", placeholder: "year", required: true }),
    make("select", { "aria-label": "Type of the field" }, ...types),
    button("✕", () => remove(row), "quiet", { "aria-label": "Remove this field" }),
  );
  byId("create-fields").append(row);
  row.querySelector("input").focus();
}

function remove(row) {
  row.remove();
  byId("create-add").focus();
}
