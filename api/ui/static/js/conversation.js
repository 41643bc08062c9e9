/** The turns of a conversation, and what is sent of earlier ones with a follow-up question. */

import { ask } from "./api.js";
import { byId } from "./dom.js";
import { closePanel } from "./panel.js";
import { Turn } from "./turn.js";

// Within what POST /v1/query takes.
const MOST_MESSAGES = 20;
const LONGEST_MESSAGE = 20_000;

export class Conversation {
  #turns = [];
  #asking = null;

  /** @param {(asking: boolean) => void} changed told when a question begins and ends */
  constructor(changed) {
    this.changed = changed;
  }

  /**
   * Ask a question.
   * @param {string} question
   * @param {Object} options further members of the request
   */
  async ask(question, options) {
    if (this.#asking) return;
    const history = this.#history();
    const turn = new Turn(question);
    this.#turns.push(turn);
    byId("conversation").append(turn.element);
    turn.element.scrollIntoView({ block: "start" });
    await this.#run(turn, { ...options, question, history });
  }

  /** Break off the question that is being answered. */
  stop() {
    this.#asking?.abort();
  }

  /** Begin anew. */
  clear() {
    this.stop();
    this.#turns = [];
    byId("conversation").replaceChildren();
    closePanel();
    this.changed(false);
  }

  get empty() {
    return this.#turns.length === 0;
  }

  async #run(turn, request) {
    this.#asking = new AbortController();
    this.changed(true);
    try {
      for await (const event of ask(request, this.#asking.signal)) turn.take(event);
    } catch (error) {
      this.#failed(turn, request, error);
    } finally {
      this.#asking = null;
      this.changed(false);
    }
  }

  #failed(turn, request, error) {
    if (error.name === "AbortError") turn.stop();
    else if (error.name === "Problem") turn.fail(error, () => this.#again(turn, request));
    else throw error;
  }

  #again(turn, request) {
    turn.element.remove();
    this.#turns = this.#turns.filter((other) => other !== turn);
    byId("question").focus();
    this.ask(request.question, request);
  }

  #history() {
    const answered = this.#turns.filter((turn) => turn.answer);
    const messages = answered.flatMap(({ question, answer }) => [
      { role: "user", content: question.slice(0, LONGEST_MESSAGE) },
      { role: "assistant", content: answer.answer.slice(0, LONGEST_MESSAGE) },
    ]);
    return messages.slice(-MOST_MESSAGES);
  }
}
