/** Puts the page together. */

import { attempt, clearAlerts } from "./alerts.js";
import { Collections } from "./collections.js";
import { installComposer, setAsking } from "./composer.js";
import { Conversation } from "./conversation.js";
import { DocumentsPanel } from "./documents_panel.js";
import { byId } from "./dom.js";
import { installEvidence } from "./evidence.js";
import { installFilters, setFields } from "./filters.js";
import { installKeyDialog } from "./key.js";
import { installNewCollection, openNewCollection } from "./new_collection.js";
import { installOptions, readOptions } from "./options.js";
import { installPanel } from "./panel.js";
import { installDrop } from "./upload.js";
import { showWelcome } from "./welcome.js";

const FIRST_COLLECTION = "documents";
let waiting = []; // files that were dropped when there was no collection to take them
let shownFor = null;
let loading = Promise.resolve();

const conversation = new Conversation((asking) => {
  setAsking(asking);
  byId("welcome").hidden = !conversation.empty;
  byId("new-conversation").hidden = conversation.empty;
});
const collections = new Collections(showCollection);

const create = () => openNewCollection(collections.all.length ? "" : FIRST_COLLECTION);

function load(name) {
  loading = attempt(
    () => collections.load(name),
    () => load(name),
  );
  return loading;
}

function showCollection() {
  const { current } = collections;
  byId("show-documents").disabled = !current;
  showWelcome(current, { create, add: () => openDocuments() });
  if (shownFor === (current?.name ?? null)) return;
  shownFor = current?.name ?? null;
  setFields(current?.fields ?? {});
  conversation.clear();
}

function openDocuments(files = []) {
  return new DocumentsPanel(collections.current.name, () => load()).open(files);
}

function takeFiles(files) {
  if (collections.current) openDocuments(files);
  else {
    waiting = files;
    create();
  }
}

async function created(name) {
  await load(name);
  const files = waiting;
  waiting = [];
  openDocuments(files);
}

async function ask(question) {
  await loading;
  clearAlerts();
  const { current } = collections;
  if (current) conversation.ask(question, { ...readOptions(), collection: current.name });
  else postpone(question);
}

/** There is nothing to ask yet, and typing is not to be in vain. */
function postpone(question) {
  byId("question").value = question;
  if (collections.loaded) create();
  else load();
}

installKeyDialog();
installOptions();
installFilters();
installPanel();
installEvidence();
installNewCollection(created);
installDrop(() => collections.current?.name ?? "a new collection", takeFiles);
installComposer(ask, () => conversation.stop());
byId("new-collection").addEventListener("click", create);
byId("show-documents").addEventListener("click", () => openDocuments());
byId("new-conversation").addEventListener("click", () => {
  conversation.clear();
  byId("question").focus();
});
load();
