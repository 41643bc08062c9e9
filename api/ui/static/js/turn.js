/** One question and what comes of it, as its events arrive. */

import { checked, cited, tally } from "./answer.js";
import { describe } from "./alerts.js";
import { button } from "./controls.js";
import { announce, make } from "./dom.js";
import { count } from "./format.js";
import { showPassage } from "./passage_panel.js";
import { passageList, passageOf } from "./passages.js";
import { showScores } from "./scores_panel.js";

export class Turn {
  /** The whole answer (QueryResponse) once it is there. */
  answer = null;
  #search = null;
  #text = "";
  #citations = new Map();
  #parts;
  #handlers = {
    retrieval: (search) => this.#found(search),
    token: ({ text }) => this.#written(text),
    citation: (citation) => this.#citedBy(citation),
    grounding: (grounding) => this.#checked(grounding),
    done: (answer) => this.#done(answer),
  };

  constructor(question) {
    this.question = question;
    this.#parts = {
      passages: make("div", {}),
      answer: make("div", { class: "answer", role: "group", "aria-label": "Answer", lang: "" }),
      working: make("p", { class: "working" }, "Finding passages…"),
      after: make("div", { class: "turn__after" }),
    };
    const { passages, answer, working, after } = this.#parts;
    const heading = make("h2", { class: "turn__question" }, question);
    const nodes = [heading, passages, answer, working, after];
    this.element = make("article", { class: "turn", "aria-busy": "true" }, ...nodes);
  }

  /** Show what an event brings; kinds that the page does not know are left out. */
  take({ event, data }) {
    this.#handlers[event]?.(data);
  }

  /** It went wrong; `retry` asks again. */
  fail(problem, retry) {
    this.#end();
    const alert = { class: "turn__error", role: "alert" };
    const told = make("div", alert, ...describe(problem), button("Ask again", retry, "small"));
    this.#parts.after.replaceChildren(told);
  }

  /** The user stopped it. */
  stop() {
    this.#end();
    this.#parts.after.replaceChildren(make("p", { class: "muted" }, "Stopped."));
  }

  #found(search) {
    this.#search = search;
    const list = passageList(search, (passage) => showPassage(passage, null));
    const told = [...this.#standalone(search), ...notices(search.notices)];
    this.#parts.passages.replaceChildren(...told, list);
    this.#working("Writing the answer…");
    announce(`${count(search.passages.length, "passage")} found.`);
  }

  /** A follow-up question is searched for in words that stand alone. */
  #standalone({ question }) {
    const same = question === this.question.trim();
    return same ? [] : [make("p", { class: "muted" }, `Searched for: ${question}`)];
  }

  #written(text) {
    this.#text += text;
    this.#show(cited(this.#text, this.#citations, this.#source));
    this.#working("Writing and checking the answer…");
  }

  #citedBy(citation) {
    this.#citations.set(citation.number, citation);
    this.#show(cited(this.#text, this.#citations, this.#source));
  }

  #checked(grounding) {
    this.#show(checked(grounding.answer, grounding.verdicts, this.#citations, this.#source));
    this.#parts.after.replaceChildren(tally(grounding.verdicts));
  }

  #done(answer) {
    this.answer = answer;
    this.#citations = new Map(answer.citations.map((citation) => [citation.number, citation]));
    if (answer.grounding) this.#checked({ ...answer.grounding, answer: answer.answer });
    else this.#show(cited(answer.answer, this.#citations, this.#source));
    this.#foldPassages(answer.sentences.length > 0);
    const told = [...answer.notices, ...corrections(answer), ...(answer.grounding?.notices ?? [])];
    this.#parts.after.append(...notices(told), this.#actions(answer));
    this.#end();
    announce(`Answer complete. ${answer.answer}`);
  }

  #actions({ answer, timings_ms: timings }) {
    const show = () => showScores(this.#search, timings);
    const scores = button("Scores and timings", show, "quiet small");
    const copy = button("Copy answer", () => copied(answer), "quiet small");
    return make("div", { class: "turn__actions" }, scores, navigator.clipboard ? copy : null);
  }

  #source = (citation, button) => {
    const found = passageOf(this.#search, citation.chunk_id);
    const close = () => (button.ariaExpanded = "false");
    showPassage(found ?? { ...citation, text: citation.quote }, citation, close);
    button.ariaExpanded = "true";
  };

  /** New nodes for the answer; whoever is at a citation stays there. */
  #show(nodes) {
    const { answer } = this.#parts;
    const at = answer.contains(document.activeElement) && document.activeElement.dataset.citation;
    answer.replaceChildren(...nodes);
    if (at) answer.querySelector(`[data-citation="${Number(at)}"]`)?.focus();
  }

  /** Where there is an answer, the passages step back. */
  #foldPassages(folded) {
    const list = this.#parts.passages.querySelector("details");
    if (list) list.open = !folded;
  }

  #working(text) {
    this.#parts.working.textContent = text;
  }

  #end() {
    this.#parts.working.remove();
    this.element.setAttribute("aria-busy", "false");
  }
}

function notices(texts) {
  const items = texts.map((text) => make("li", {}, text));
  return items.length ? [make("ul", { class: "notices muted" }, ...items)] : [];
}

const corrections = (answer) =>
  answer.corrections.map(({ before, after, why }) =>
    after ? `“${before}” became “${after}”: ${why}` : `Left out: “${before}” (${why})`,
  );

async function copied(text) {
  await navigator.clipboard.writeText(text);
  announce("Copied.");
}
