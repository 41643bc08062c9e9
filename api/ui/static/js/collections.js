/** The collections and the one that is chosen; the picker shows both. */

import { listCollections } from "./api.js";
import { byId, make } from "./dom.js";

const NAME = "trident-collection";

export class Collections {
  all = [];
  /** Whether the server has told which there are. */
  loaded = false;

  /** @param {() => void} changed told when the list or the choice may be another */
  constructor(changed) {
    this.changed = changed;
    byId("collection").addEventListener("change", () => this.choose(byId("collection").value));
  }

  /** The one that is chosen, or null where there is none. */
  get current() {
    return this.all.find(({ name }) => name === byId("collection").value) ?? null;
  }

  /** Ask the server anew. */
  async load(name = this.current?.name ?? localStorage.getItem(NAME)) {
    this.all = await listCollections();
    this.loaded = true;
    const picker = byId("collection");
    picker.replaceChildren(...this.all.map((each) => make("option", {}, each.name)));
    picker.disabled = this.all.length === 0;
    if (this.all.some((each) => each.name === name)) picker.value = name;
    if (!this.all.length) picker.append(make("option", {}, "No collection yet"));
    this.changed();
  }

  /** Choose one by its name. */
  choose(name) {
    byId("collection").value = name;
    localStorage.setItem(NAME, name);
    this.changed();
  }
}
