/** Requests to the server, below whatever prefix the page is served. */

import { askForKey, keyHeaders } from "./key.js";
import { offline, problemOf } from "./problem.js";

/**
 * A response that is no error.
 * @param {string} path relative, such as "v1/query"
 * @param {Object} options those of `fetch`, and `json` (a body) and `accept` (media types)
 * @throws {Problem} and AbortError
 */
export async function send(path, options = {}) {
  const response = await attempt(path, options);
  if (response.ok) return response;
  if (response.status === 401 && (await askForKey())) return send(path, options);
  throw await problemOf(response);
}

/** The JSON of a response. */
export const sendForJson = async (path, options) => (await send(path, options)).json();

async function attempt(path, { method = "GET", json, body, accept, signal }) {
  const headers = { Accept: accept ?? "application/json", ...keyHeaders() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(new URL(path, document.baseURI), {
      method,
      headers,
      signal,
      body: json === undefined ? body : JSON.stringify(json),
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : offline();
  }
}
