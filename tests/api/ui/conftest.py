"""A page in a real browser, over the shared service on a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.api.ui.chromium import PATIENCE_MS, launched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file of tests: while it is open, nothing else can run an event loop here."""
    expect.set_options(timeout=PATIENCE_MS)
    with launched() as browser:
        yield browser


@pytest.fixture
def tab(browser: Browser, live_url: str, corpus: str) -> Iterator[Page]:
    """The page with the corpus chosen.

    Whatever a test does: no script fails, the policy blocks nothing that the page does, and no
    request goes elsewhere.
    """
    with browser.new_context(viewport=WIDE, reduced_motion="reduce") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.goto(f"{live_url}/")
        page.get_by_label("Collection", exact=True).select_option(corpus)
        yield page
    own = urlsplit(live_url).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {own}
    assert [fault for fault in faults if not fault.startswith("Failed to load resource")] == []
