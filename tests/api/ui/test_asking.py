"""From a question to its passages, its answer and its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.api.ui.actions import VOLCANO, answered, ask, panel
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

pytestmark = pytest.mark.xdist_group("page")


def test_passages_arrive_before_the_answer(tab: Page) -> None:
    tab.evaluate(
        """() => {
            window.order = [];
            const note = (kind, selector) => {
                if (document.querySelector(selector) && !order.includes(kind)) order.push(kind);
            };
            new MutationObserver(() => {
                note("passages", ".passages li");
                note("answer", ".answer .cite");
                note("verdicts", ".answer .verdict");
            }).observe(document.body, {childList: true, subtree: true});
        }"""
    )
    answered(tab)
    assert tab.evaluate("order") == ["passages", "answer", "verdicts"]


def test_the_answer_cites_its_source(tab: Page) -> None:
    turn = answered(tab)
    expect(turn.get_by_role("heading", name=VOLCANO)).to_be_visible()
    expect(turn.get_by_label("Answer", exact=True)).to_contain_text("Mount Etna")
    expect(turn.get_by_role("button", name="Source 1: Volcano")).to_be_visible()


def test_a_citation_opens_its_passage_with_the_quote_and_the_words_that_matched(
    tab: Page,
) -> None:
    answered(tab).get_by_role("button", name="Source 1").first.click()
    passage = panel(tab)
    expect(passage.get_by_role("heading", name="Source [1]")).to_be_focused()
    expect(passage.locator(".heat")).to_have_text(TEXTS["volcano"])
    expect(passage.locator(".heat .quote")).to_contain_text("most active volcano in Europe")
    shades = passage.locator(".heat mark[data-heat]")
    assert "volcano" in shades.all_inner_texts()
    expect(passage.locator(".legend__scale li")).to_have_count(5)


def test_what_the_shades_show_is_there_as_a_table(tab: Page) -> None:
    answered(tab).get_by_role("button", name="Source 1").first.click()
    panel(tab).get_by_text("Matches as a table").click()
    row = panel(tab).get_by_role("row").filter(has=tab.get_by_role("rowheader", name="volcano"))
    expect(row.get_by_role("cell").first).to_have_text("volcano")


def test_every_sentence_has_a_verdict_in_words_with_its_evidence(tab: Page) -> None:
    turn = answered(tab)
    expect(turn.get_by_role("list", name="Verdicts")).to_contain_text("Supported")
    badge = turn.get_by_role("button", name="Supported").first
    badge.focus()
    evidence = tab.get_by_role("tooltip")
    expect(evidence).to_contain_text("Mount Etna is the most active volcano in Europe.")
    tab.keyboard.press("Escape")
    expect(evidence).to_be_hidden()
    turn.locator(".claim").first.hover()
    expect(evidence).to_be_visible()


def test_ranks_scores_and_times_are_in_a_table(tab: Page) -> None:
    answered(tab).get_by_role("button", name="Scores and timings").click()
    scores = panel(tab).get_by_role("table", name="Passages")
    heads = scores.get_by_role("columnheader").all_inner_texts()
    named = ["#", "Passage", "Dense", "Sparse", "Full text", "Fused", "MaxSim", "Relevance"]
    assert heads == named
    expect(scores.get_by_role("row").nth(1)).to_contain_text("Volcano")
    times = panel(tab).get_by_role("table", name="Time of each stage")
    assert {"encode", "search"} <= set(times.get_by_role("rowheader").all_inner_texts())


def test_a_follow_up_question_goes_with_what_was_said(tab: Page) -> None:
    answered(tab)
    sent = sent_with(tab, "When did it erupt?")
    assert [message["role"] for message in sent["history"]] == ["user", "assistant"]
    assert sent["history"][0]["content"] == VOLCANO


def test_a_new_conversation_forgets(tab: Page) -> None:
    answered(tab)
    tab.get_by_role("button", name="New conversation").click()
    expect(tab.get_by_role("article")).to_have_count(0)
    expect(tab.get_by_label("Your question")).to_be_focused()
    assert sent_with(tab, VOLCANO)["history"] == []


def test_options_are_sent_only_where_they_are_changed(tab: Page) -> None:
    sent = sent_with(tab, VOLCANO)
    assert set(sent) == {"question", "collection", "history", "explain", "stream"}
    tab.locator("#options summary").click()
    tab.get_by_label("Sparse").uncheck()
    tab.get_by_label("Reorder them by").select_option("none")
    tab.get_by_label("Passages", exact=True).fill("3")
    tab.get_by_label("Candidates").fill("20")
    expect(tab.locator("#options-summary")).to_have_text("· legs, order, passages, candidates")
    sent = sent_with(tab, VOLCANO)
    assert sent["legs"] == ["dense", "fulltext"]
    assert (sent["rerank"], sent["top_k"], sent["candidates"]) == ("none", 3, 20)


def test_a_condition_on_a_declared_field_is_a_typed_filter(tab: Page) -> None:
    tab.locator("#options summary").click()
    tab.get_by_role("button", name="Add a condition").click()
    tab.get_by_label("Field").select_option("length")
    tab.get_by_label("Comparison").select_option("is at least")
    tab.get_by_label("Value").fill("130")
    turn = answered(tab, "What happens?")
    turn.locator("summary").click()
    long = {name.title() for name, text in TEXTS.items() if len(text) >= 130}
    assert set(turn.locator(".passage__title").all_inner_texts()) <= long


def test_a_question_can_be_stopped(tab: Page) -> None:
    tab.route("**/v1/query", lambda route: None)  # never answered
    ask(tab, VOLCANO)
    tab.get_by_role("button", name="Stop").click()
    expect(tab.get_by_text("Stopped.")).to_be_visible()
    expect(tab.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def sent_with(tab: Page, question: str) -> Any:
    """The body of the request that a question becomes."""

    def is_query(request: Request) -> bool:
        return request.url.endswith("/v1/query")

    with tab.expect_request(is_query) as caught:
        answered(tab, question)
    return caught.value.post_data_json
