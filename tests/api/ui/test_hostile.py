"""What documents and servers say is text, whatever it looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.indexing import add, create, finish
from tests.api.ui.actions import answered, panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("page")

TITLE = "<img src=x onerror=\"document.title='owned'\">"
TEXT = "Armadillos sleep <script>document.title='owned'</script> sixteen hours a day."


@pytest.fixture
def hostile(live_url: str, collection_name: str) -> Iterator[str]:
    with httpx.Client(base_url=live_url, timeout=60) as client:
        create(client, collection_name)
        document = {"id": "<b>id</b>", "title": TITLE, "text": TEXT}
        assert finish(client, add(client, collection_name, document))["state"] == "succeeded"
        yield collection_name
        client.delete(f"/v1/collections/{collection_name}")


def test_markup_in_a_document_is_shown_as_it_is_written(tab: Page, hostile: str) -> None:
    tab.reload()
    tab.get_by_label("Collection", exact=True).select_option(hostile)
    turn = answered(tab, "How long do armadillos sleep?")
    expect(turn.get_by_label("Answer", exact=True)).to_contain_text("<script>")
    turn.get_by_role("button", name="Source 1").first.click()
    expect(panel(tab).get_by_role("heading", name=TITLE)).to_be_visible()
    expect(panel(tab).locator(".heat")).to_have_text(TEXT)
    tab.get_by_role("button", name="Documents", exact=True).click()
    expect(panel(tab).get_by_role("list", name="Documents", exact=True)).to_contain_text("b>")
    assert tab.title() == "Trident"
    assert tab.locator("img:not(.wordmark img)").count() == 0
