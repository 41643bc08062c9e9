"""The scripts that compute: streams, offsets, shades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.ui.actions import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("page")

STREAM = (
    ': keep alive\n\nevent: token\ndata: {"text": "Ä"}\n\n'
    "event: done\r\ndata: one\r\ndata: two\r\n\r\ndata: unfinished"
)
EVENTS = [{"event": "token", "data": '{"text": "Ä"}'}, {"event": "done", "data": "one\ntwo"}]
COLLECT = """await (async () => {
    const bytes = new TextEncoder().encode(a[0]);
    const stream = new ReadableStream({start(controller) {
        for (let i = 0; i < bytes.length; i += a[1]) controller.enqueue(bytes.slice(i, i + a[1]));
        controller.close();
    }});
    const found = [];
    for await (const event of m.events(stream)) found.push(event);
    return found;
})()"""


@pytest.fixture(scope="module")
def page(browser: Browser, live_url: str) -> Iterator[Page]:
    """One for all: what computes changes nothing."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{live_url}/")
        yield page


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_are_read_however_the_stream_is_cut(page: Page, size: int) -> None:
    assert run(page, "sse.js", COLLECT, [STREAM, size]) == EVENTS


def test_offsets_count_characters_not_the_units_of_a_browser(page: Page) -> None:
    matches = [{"passage": {"start": 2, "end": 7}, "score": 0.5}]
    found = run(page, "heat.js", "m.segments('🌋 Etna! erupts', a, null)", matches)
    assert [part["text"] for part in found] == ["🌋 ", "Etna!", " erupts"]


def test_a_quote_and_shades_may_overlap_and_no_character_is_lost(page: Page) -> None:
    matches = [
        {"passage": {"start": 2, "end": 6}, "score": 0.5},
        {"passage": {"start": 4, "end": 8}, "score": 0.9},
    ]
    quote = {"start": 3, "end": 20}
    parts = run(page, "heat.js", "m.segments('0123456789', a[0], a[1])", [matches, quote])
    assert "".join(part["text"] for part in parts) == "0123456789"
    assert [(p["text"], p["score"], p["quoted"]) for p in parts] == [
        ("01", 0, False),
        ("2", 0.5, False),
        ("3", 0.5, True),
        ("45", 0.9, True),
        ("67", 0.9, True),
        ("89", 0, True),
    ]


@pytest.mark.parametrize(
    ("score", "most", "shade"), [(-0.1, 1, 0), (0.01, 1, 1), (0.2, 1, 1), (0.21, 1, 2), (1, 1, 5)]
)
def test_shades_are_shares_of_the_best_score(
    page: Page, score: float, most: float, shade: int
) -> None:
    assert run(page, "heat.js", "m.shade(...a)", [score, most]) == shade


def test_citation_marks_after_a_claim_are_its_own(page: Page) -> None:
    verdict = {"claim": {"start": 0, "end": 9}}
    parts = run(page, "answer_parts.js", "m.claims('It is so. [1][2] And?', a)", [verdict])
    assert [(part["text"], part["marks"]) for part in parts] == [
        ("It is so.", " [1][2]"),
        (" And?", ""),
    ]


def test_a_bold_claim_keeps_the_asterisks_that_end_it(page: Page) -> None:
    verdicts = [{"claim": {"start": 0, "end": 8}}, {"claim": {"start": 8, "end": 16}}]
    parts = run(page, "answer_parts.js", "m.claims('**It is.** More.', a)", verdicts)
    assert [part["text"] for part in parts] == ["**It is.**", " ", "More."]


@pytest.mark.parametrize(
    ("type_", "op", "typed", "value"),
    [
        ("integer", "ge", "3", 3),
        ("float", "le", "0.5", 0.5),
        ("boolean", "eq", "false", False),
        ("string", "in", "a, b ,", ["a", "b"]),
        ("tags", "has", "a, b", "a, b"),
        ("date", "lt", "2024-05-01", "2024-05-01"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_type(
    page: Page, type_: str, op: str, typed: str, value: object
) -> None:
    expression = "m.READ[m.kindOfValue(a[0], a[1])](a[2])"
    assert run(page, "field_types.js", expression, [type_, op, typed]) == value
