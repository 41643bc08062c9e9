"""The picture of the page in the documentation, made anew where TRIDENT_SCREENSHOT names a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.indexing import create
from tests.api.ui.actions import answered, panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("page")

DOCS = Path(__file__).parents[3] / "docs"
HANDBOOK = ("architecture", "generation", "grounding", "retrieval")
LARGEST = 300_000


@pytest.fixture
def handbook(live_url: str) -> Iterator[str]:
    with httpx.Client(base_url=live_url, timeout=60) as client:
        yield create(client, "handbook")
        client.delete("/v1/collections/handbook")


@pytest.mark.skipif("TRIDENT_SCREENSHOT" not in os.environ, reason="TRIDENT_SCREENSHOT is not set")
def test_the_picture_shows_an_answer_and_its_source(tab: Page, handbook: str) -> None:
    tab.reload()
    tab.get_by_label("Collection", exact=True).select_option(handbook)
    tab.get_by_role("button", name="Documents", exact=True).click()
    tab.get_by_label("Files to index").set_input_files([DOCS / f"{name}.md" for name in HANDBOOK])
    expect(panel(tab).get_by_text("Done")).to_be_visible(timeout=300_000)
    turn = answered(tab, "How are claims checked?")
    turn.get_by_role("button", name="Source 2").first.click()
    expect(panel(tab).locator(".heat .quote")).to_be_visible()
    tab.mouse.move(0, 0)
    path = Path(os.environ["TRIDENT_SCREENSHOT"])
    tab.screenshot(path=path)
    assert path.stat().st_size < LARGEST
