/** The panel of a collection: index files, follow jobs, list and delete documents. */

import { attempt } from "./alerts.js";
import { deleteCollection, deleteDocument, listDocuments, listJobs, uploadFiles } from "./api.js";
import { confirmDelete } from "./dialogs.js";
import { button } from "./controls.js";
import { announce, byId, make } from "./dom.js";
import { count } from "./format.js";
import { ended, follow } from "./jobs.js";
import { closePanel, openPanel } from "./panel.js";
import { baseName } from "./text.js";
import { dropPlace } from "./upload.js";

const EMPTY = "Nothing is indexed here yet.";
const DELETE_ONE = "Its passages are no longer found. The file itself stays where it is.";
const DELETE_ALL = "All its documents go with it; this cannot be undone.";

export class DocumentsPanel {
  #list = make("ul", { class: "documents", "aria-label": "Documents" });
  #more = button("Show more", () => {}, "small", { hidden: true });
  #jobs = make("ul", { class: "jobs", "aria-label": "Indexing" });

  /**
   * @param {string} name of the collection
   * @param {() => void} changed told when it holds something else, or is no more
   */
  constructor(name, changed) {
    this.name = name;
    this.changed = changed;
  }

  /** Show it; files given are indexed. */
  async open(files = []) {
    const drop = button("Delete this collection", () => this.#deleteAll(), "danger small");
    openPanel(`Documents in ${this.name}`, [
      dropPlace((chosen) => this.#upload(chosen)),
      this.#jobs,
      this.#list,
      this.#more,
      make("div", { class: "panel__foot" }, drop),
    ]);
    if (files.length) this.#upload(files);
    await attempt(
      () => Promise.all([this.#followJobs(), this.#fill()]),
      () => this.open(),
    );
  }

  async #upload(files) {
    if (!files.length) return;
    const label = files.length === 1 ? files[0].name : count(files.length, "file");
    announce(`Sending ${label}.`);
    const job = await attempt(
      () => uploadFiles(this.name, files),
      () => this.#upload(files),
    );
    if (job) this.#follow(job, label);
  }

  async #followJobs() {
    const jobs = await listJobs(this.name);
    for (const job of jobs.filter((each) => !ended(each))) this.#follow(job, "Indexing");
  }

  #follow(job, label) {
    if (this.#jobs.querySelector(`[data-job="${CSS.escape(job.id)}"]`)) return;
    const card = follow(job, label, () => this.#refresh());
    card.dataset.job = job.id;
    this.#jobs.prepend(card);
  }

  async #refresh() {
    this.changed();
    await attempt(() => this.#fill());
  }

  async #fill(cursor = null) {
    const { documents, next_cursor: next } = await listDocuments(this.name, cursor);
    if (!cursor) this.#list.replaceChildren();
    this.#list.append(...documents.map((each) => this.#row(each)));
    if (!documents.length && !cursor) this.#list.append(make("li", { class: "muted" }, EMPTY));
    this.#more.hidden = !next;
    this.#more.onclick = () => attempt(() => this.#fill(next));
  }

  #row({ id, source, rows }) {
    const name = baseName(id);
    const label = { "aria-label": `Delete ${name}` };
    const row = make(
      "li",
      {},
      make("span", { class: "documents__name", title: `${id} (${source})` }, name),
      make("span", { class: "documents__rows" }, count(rows, "passage")),
      button("Delete", () => this.#delete(id, name, row), "quiet small", label),
    );
    return row;
  }

  async #delete(id, name, row) {
    if (!(await confirmDelete(`Delete ${name}?`, DELETE_ONE))) return;
    await attempt(async () => {
      await deleteDocument(this.name, id);
      row.remove();
      byId("panel-title").focus(); // the button that had the focus is gone
      announce(`${name} is deleted.`);
      await this.#refresh();
    });
  }

  async #deleteAll() {
    if (!(await confirmDelete(`Delete ${this.name}?`, DELETE_ALL))) return;
    await attempt(async () => {
      await deleteCollection(this.name);
      closePanel();
      this.changed();
    });
  }
}
