"""One file with everything in it, that asks for nothing from outside and trusts no text."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from eval.report.html import render_html
from tests.eval.report.example import TIMING, example_report, example_row

if TYPE_CHECKING:
    from typing import Any

    import pytest

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Balanced(HTMLParser):
    """Fails where a tag is closed that was not opened; `links` is what would be fetched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        fetched = [value or "" for name, value in attrs if name.endswith(("src", "href"))]
        self.links += [value for value in fetched if not value.startswith("#")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def report(**changes: Any) -> dict[str, Any]:
    cheap = {**TIMING, "p50": 0.5}
    rows = [
        example_row("best", 0.1, **{"nDCG@10": 0.9}),
        example_row("beaten", -0.1, **{"nDCG@10": 0.2}),
        example_row("base", None, search_ms=cheap, index_bytes=1000, **{"nDCG@10": 0.5}),
    ]
    return example_report(rows, **changes)


def test_it_is_whole_and_fetches_nothing() -> None:
    page = render_html(report())
    parsed = Balanced(page)
    assert parsed.open == []
    assert parsed.links == []
    assert "default-src 'none'" in page
    assert not re.search(r"@import|url\((?!#)", page)


def test_plots_name_the_rows_of_their_pareto_front_cheapest_first() -> None:
    page = render_html(report())
    assert page.count("<svg") == 2
    assert page.count("<ol><li>base</li><li>best</li></ol>") == 2
    assert "Quality against latency" in page
    assert "Quality against bytes" in page


def test_plots_take_the_colour_of_the_page_so_that_they_suit_dark_and_light() -> None:
    page = render_html(report())
    assert "color-scheme: light dark" in page
    assert "currentColor" in page
    assert "#010203" not in page
    assert "<?xml" not in page


def test_the_same_figures_give_the_same_file() -> None:
    assert render_html(report()) == render_html(report())


def test_what_comes_from_the_data_is_escaped() -> None:
    named = report()
    named["dataset"]["name"] = "<script>alert(1)</script>"
    page = render_html(named)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_partial_results_and_published_figures_are_said_to_be_so() -> None:
    figure = {"system": "BM25", "nDCG@10": 0.57, "ours": "base", "our nDCG@10": 0.5}
    source = {"name": "BGE-M3", "citation": "arXiv:1", "note": "A note.", "figures": [figure]}
    partial = report(published=[source])
    assert "do not quote" not in render_html(partial)
    partial["dataset"]["partial"] = True
    page = render_html(partial)
    assert "do not quote these figures" in page
    assert "corpus and models differ" in page
    assert "<td>BM25</td><td>0.5700</td><td>base</td><td>0.5000</td>" in page


def test_without_the_library_that_draws_it_says_how_to_get_plots(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    page = render_html(report())
    assert "<svg" not in page
    assert "pip install 'trident-rag[eval]'" in page
