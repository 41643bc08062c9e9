/** The routes that the page uses. All throw Problem. */

import { send, sendForJson } from "./client.js";
import { cutOff, Problem } from "./problem.js";
import { events } from "./sse.js";

const LAST_EVENTS = ["done", "error"];
const collection = (name) => `v1/collections/${encodeURIComponent(name)}`;
const documents = (name) => `${collection(name)}/documents`;
const query = (parameters) => new URLSearchParams(parameters);
const job = (id) => `v1/jobs/${encodeURIComponent(id)}`;

export const listCollections = async () => (await sendForJson("v1/collections")).collections;

export const createCollection = (spec) =>
  sendForJson("v1/collections", { method: "POST", json: spec });

export const deleteCollection = (name) => send(collection(name), { method: "DELETE" });

export const listDocuments = (name, cursor = null) =>
  sendForJson(`${documents(name)}?${query({ limit: 50, ...(cursor && { cursor }) })}`);

export const deleteDocument = (name, id) =>
  send(`${documents(name)}/${encodeURIComponent(id)}`, { method: "DELETE" });

export function uploadFiles(name, files) {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  return sendForJson(documents(name), { method: "POST", body });
}

export const listJobs = async (name) =>
  (await sendForJson(`v1/jobs?${query({ collection: name, limit: 20 })}`)).jobs;

export const getJob = (id) => sendForJson(job(id));

export const cancelJob = (id) => sendForJson(job(id), { method: "DELETE" });

/**
 * The events of an answer as {event, data}, `done` last.
 * @throws {Problem} what the server says, also in the midst, or that the stream was cut off
 */
export async function* ask(question, signal) {
  const json = { ...question, stream: true };
  const accept = "text/event-stream, application/problem+json";
  const response = await send("v1/query", { method: "POST", json, accept, signal });
  let last = null;
  for await (const { event, data } of received(response)) {
    const value = JSON.parse(data);
    if (event === "error") throw new Problem(value);
    last = event;
    yield { event, data: value };
  }
  if (!LAST_EVENTS.includes(last)) throw cutOff();
}

async function* received(response) {
  try {
    yield* events(response.body);
  } catch (error) {
    throw error instanceof TypeError ? cutOff() : error;
  }
}
