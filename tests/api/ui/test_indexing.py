"""From files to a collection that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.ui.actions import answered, panel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.xdist_group("page")

OTTERS = "Sea otters hold hands while they sleep, so that they do not drift apart."
DROP = """name => {
    const files = new DataTransfer();
    files.items.add(new File(["Sea otters eat urchins."], name, {type: "text/plain"}));
    for (const type of ["dragover", "drop"])
        dispatchEvent(new DragEvent(type, {dataTransfer: files, cancelable: true, bubbles: true}));
}"""


@pytest.fixture
def made(tab: Page, live_url: str, collection_name: str) -> Iterator[str]:
    """A new collection, made on the page, its panel open."""
    tab.get_by_role("button", name="New collection").click()
    tab.get_by_label("Name", exact=True).fill(collection_name)
    tab.get_by_role("button", name="Add a field").click()
    tab.get_by_label("Name of the field").fill("year")
    tab.get_by_label("Type of the field").select_option("integer")
    tab.get_by_role("button", name="Create").click()
    expect(
        panel(tab).get_by_role("heading", name=f"Documents in {collection_name}")
    ).to_be_visible()
    yield collection_name
    httpx.delete(f"{live_url}/v1/collections/{collection_name}", timeout=60)


@pytest.fixture
def otters(tmp_path: Path) -> Path:
    path = tmp_path / "otters.txt"
    path.write_text(OTTERS)
    return path


def upload(tab: Page, *paths: Path) -> None:
    tab.get_by_label("Files to index").set_input_files(list(paths))


def job(tab: Page) -> Locator:
    return panel(tab).get_by_role("list", name="Indexing").get_by_role("listitem").first


def documents(tab: Page) -> Locator:
    return panel(tab).get_by_role("list", name="Documents", exact=True).get_by_role("listitem")


def test_a_file_is_indexed_then_asked_about_then_deleted(
    tab: Page, made: str, otters: Path
) -> None:
    expect(documents(tab)).to_have_text("Nothing is indexed here yet.")
    upload(tab, otters)
    expect(job(tab)).to_contain_text("Done · 1 of 1 document · 1 passage")
    expect(documents(tab)).to_contain_text(["otters.txt"])
    turn = answered(tab, "What do sea otters hold?")
    expect(turn.get_by_label("Answer", exact=True)).to_contain_text(OTTERS)
    panel(tab).get_by_role("button", name="Delete otters.txt").click()
    dialog = tab.get_by_role("dialog", name="Delete otters.txt?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Delete").click()
    expect(documents(tab)).to_have_text("Nothing is indexed here yet.")


def test_declared_fields_can_be_filtered_by_at_once(tab: Page, made: str) -> None:
    tab.locator("#options summary").click()
    tab.get_by_role("button", name="Add a condition").click()
    names = tab.get_by_label("Field", exact=True).locator("option").all_inner_texts()
    assert names[0] == "year"


def test_a_file_that_is_dropped_on_the_page_is_indexed(tab: Page, made: str) -> None:
    tab.keyboard.press("Escape")
    tab.evaluate(DROP, "urchins.txt")
    expect(job(tab)).to_contain_text("Done")
    expect(documents(tab)).to_contain_text(["urchins.txt"])


def test_a_file_that_cannot_be_read_is_named_and_costs_only_itself(
    tab: Page, made: str, otters: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    upload(tab, otters, broken)
    expect(job(tab).get_by_role("list", name="Errors")).to_contain_text("broken.pdf")
    expect(documents(tab)).to_contain_text(["otters.txt"])


def test_indexing_can_be_cancelled(tab: Page, made: str, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(f"{number}. {OTTERS} " * 40)
    upload(tab, *tmp_path.glob("*.txt"))
    job(tab).get_by_role("button", name="Cancel").click()
    expect(job(tab)).to_contain_text("Cancelled")


def test_keeping_a_document_keeps_it(tab: Page, made: str, otters: Path) -> None:
    upload(tab, otters)
    panel(tab).get_by_role("button", name="Delete otters.txt").click()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_be_hidden()
    expect(documents(tab)).to_contain_text(["otters.txt"])


def test_a_collection_is_deleted_when_that_is_confirmed(tab: Page, made: str) -> None:
    panel(tab).get_by_role("button", name="Delete this collection").click()
    tab.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(panel(tab)).to_be_hidden()
    picker = tab.get_by_label("Collection", exact=True)
    expect(picker.get_by_role("option", name=made)).to_have_count(0)


def test_a_name_that_is_taken_is_told_in_the_dialog(tab: Page, corpus: str) -> None:
    tab.get_by_role("button", name="New collection").click()
    tab.get_by_label("Name", exact=True).fill(corpus)
    tab.get_by_role("button", name="Create").click()
    expect(tab.get_by_role("dialog").get_by_role("alert")).to_contain_text(corpus)
