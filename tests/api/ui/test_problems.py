"""What goes wrong is said where it is seen, in the server's words, and with a way on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from api.auth.caller import Scope
from api.auth.key import make_key
from api.auth.key_file import KeyFile
from rag.service import Rag
from tests.api.indexing import create
from tests.api.live import served
from tests.api.state_elsewhere import StateElsewhere
from tests.api.ui.actions import VOLCANO, answered, ask
from tests.api.ui.chromium import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("page")

BUSY: dict[str, Any] = {
    "status": 503,
    "headers": {"Content-Type": "application/problem+json", "Retry-After": "7"},
    "body": json.dumps({"status": 503, "detail": "Too much to do.", "request_id": "abc123"}),
}


SLOWLY = """
async function slowly(target, that, given) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return Reflect.apply(target, that, given);
}"""


def test_a_collection_that_is_gone_is_told_with_the_request_id(
    tab: Page, live_url: str, collection_name: str
) -> None:
    with httpx.Client(base_url=live_url, timeout=60) as client:
        create(client, collection_name)
        tab.reload()
        tab.get_by_label("Collection", exact=True).select_option(collection_name)
        client.delete(f"/v1/collections/{collection_name}")
    with tab.expect_response("**/v1/query") as caught:
        ask(tab, VOLCANO)
    alert = tab.get_by_role("article").get_by_role("alert")
    expect(alert).to_contain_text(f"There is no collection '{collection_name}'")
    expect(alert).to_contain_text(f"Request {caught.value.headers['x-request-id']}")


def test_a_server_that_is_busy_can_be_asked_again(tab: Page) -> None:
    tab.route("**/v1/query", lambda route: route.fulfill(**BUSY), times=1)
    ask(tab, VOLCANO)
    alert = tab.get_by_role("article").get_by_role("alert")
    expect(alert).to_contain_text("Too much to do. (Try again in 7 s.)")
    tab.get_by_role("button", name="Ask again").click()
    expect(tab.get_by_role("article")).to_have_count(1)
    expect(tab.get_by_role("button", name="Source 1").first).to_be_visible()


def test_a_server_that_is_gone_is_told(tab: Page) -> None:
    tab.route("**/v1/query", lambda route: route.abort("connectionrefused"), times=1)
    ask(tab, VOLCANO)
    alert = tab.get_by_role("article").get_by_role("alert")
    expect(alert).to_contain_text("The server cannot be reached")


def test_a_stream_that_ends_too_early_is_told(tab: Page) -> None:
    cut = 'event: token\ndata: {"text": "Half a sen"}\n\n'
    tab.route("**/v1/query", lambda route: route.fulfill(body=cut), times=1)
    ask(tab, VOLCANO)
    turn = tab.get_by_role("article")
    expect(turn).to_contain_text("Half a sen")
    expect(turn.get_by_role("alert")).to_contain_text("ended before the answer was complete")


def test_an_error_in_the_midst_of_a_stream_is_told(tab: Page) -> None:
    problem = json.dumps({"status": 502, "detail": "The model is gone.", "request_id": "r1"})
    body = f"event: error\ndata: {problem}\n\n"
    tab.route("**/v1/query", lambda route: route.fulfill(body=body), times=1)
    ask(tab, VOLCANO)
    expect(tab.get_by_role("article").get_by_role("alert")).to_contain_text("The model is gone.")


def test_an_option_out_of_bounds_is_pointed_at_and_the_question_kept(tab: Page) -> None:
    tab.locator("#options summary").click()
    tab.get_by_label("Candidates").fill("5")
    tab.locator("#options summary").click()
    ask(tab, VOLCANO)
    expect(tab.get_by_label("Candidates")).to_be_focused()
    expect(tab.get_by_label("Your question")).to_have_value(VOLCANO)
    expect(tab.get_by_role("article")).to_have_count(0)


def test_a_list_of_collections_that_fails_can_be_asked_for_again(tab: Page) -> None:
    tab.route("**/v1/collections", lambda route: route.fulfill(**BUSY), times=1)
    tab.reload()
    alert = tab.locator("#alerts")
    expect(alert).to_contain_text("Request abc123")
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_be_empty()
    expect(tab.get_by_label("Collection", exact=True)).to_be_enabled()


def test_a_question_that_comes_before_the_collections_waits_for_them(tab: Page) -> None:
    tab.add_init_script("fetch = new Proxy(fetch, {apply: (...a) => slowly(...a)});" + SLOWLY)
    tab.reload()
    answered(tab)


def test_without_a_collection_a_question_is_kept_and_one_can_be_made(tab: Page) -> None:
    none = json.dumps({"collections": []})
    tab.route("**/v1/collections", lambda route: route.fulfill(body=none), times=1)
    tab.reload()
    ask(tab, VOLCANO)
    expect(tab.get_by_role("dialog", name="New collection")).to_be_visible()
    expect(tab.get_by_label("Your question")).to_have_value(VOLCANO)


@pytest.fixture
def guarded_url(rag: Rag, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a server that asks for keys, and a key."""
    key, text = make_key("test", [Scope.READ])
    KeyFile(tmp_path).add(key)
    with served(Rag(rag.settings, StateElsewhere(rag.store, tmp_path), rag.encoder)) as address:
        yield address, text


def test_a_key_is_asked_for_only_where_the_server_wants_one(
    browser: Any, guarded_url: tuple[str, str], corpus: str
) -> None:
    address, key = guarded_url
    with browser.new_context() as context:
        page: Page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/")
        page.get_by_label("API key").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="does not take this key")).to_be_visible()
        page.get_by_label("API key").fill(key)
        page.keyboard.press("Enter")
        page.get_by_label("Collection", exact=True).select_option(corpus)
        answered(page)
        page.reload()
        answered(page)
        assert key not in page.evaluate("JSON.stringify(localStorage)")


def test_no_key_is_asked_for_otherwise(tab: Page) -> None:
    expect(tab.get_by_label("API key")).to_be_hidden()
