/** Errors that are about no single question: one line below the bar, read out at once. */

import { button } from "./controls.js";
import { byId, make } from "./dom.js";

/** Show a problem, with a button where trying again may help. */
export function alertProblem(problem, retry = null) {
  const alert = make("div", { class: "alert" }, ...describe(problem));
  const again = () => {
    alert.remove();
    retry();
  };
  if (retry && problem.mayPass) alert.append(button("Try again", again, "small"));
  alert.append(button("Dismiss", () => alert.remove(), "quiet small"));
  byId("alerts").replaceChildren(alert);
}

/** Take away what is shown. */
export const clearAlerts = () => byId("alerts").replaceChildren();

/** A problem as nodes: its sentence, when to try again, and the id to find it in the log. */
export function describe(problem) {
  const { requestId } = problem;
  const failed = make("strong", {}, "That did not work. ");
  const text = make("p", { class: "alert__text" }, failed, sentences(problem));
  return requestId ? [text, make("p", { class: "alert__id" }, `Request ${requestId}`)] : [text];
}

function sentences(problem) {
  const wait = problem.retryAfter;
  return wait ? `${problem.message} (Try again in ${wait} s.)` : problem.message;
}

/** Run an action of the user; what goes wrong is shown. */
export async function attempt(action, retry = null) {
  try {
    return await action();
  } catch (error) {
    if (error.name !== "Problem") throw error;
    alertProblem(error, retry);
    return undefined;
  }
}
