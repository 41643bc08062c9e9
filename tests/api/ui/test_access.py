"""For everyone: by keyboard, with a screen reader, on a phone, by day and by night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.api.ui.actions import VOLCANO, answered, panel
from tests.api.ui.contrast import contrast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("page")

UNNAMED = """() => [...document.querySelectorAll("input, select, textarea, button, progress")]
    .filter((e) => !e.labels?.length && !e.getAttribute("aria-label") && !e.textContent.trim())
    .map((e) => e.outerHTML)"""
# Each with the colour behind it: the first ancestor that has one.
COLOURS = """() => [...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && [...e.childNodes]
        .some((n) => n.nodeType === 3 && n.data.trim()))
    .map((e) => {
        let under = e;
        const clear = (node) => getComputedStyle(node).backgroundColor === "rgba(0, 0, 0, 0)";
        while (under.parentElement && clear(under)) under = under.parentElement;
        return [e.textContent.trim().slice(0, 40), getComputedStyle(e).color,
                getComputedStyle(under).backgroundColor];
    })"""
READABLE = 4.5  # WCAG 2.2, 1.4.3


def everything(tab: Page) -> None:
    """Show as much of the page as can be seen at once."""
    answered(tab).get_by_role("button", name="Source 1").first.click()
    panel(tab).get_by_text("Matches as a table").click()
    tab.locator("#options summary").click()
    tab.get_by_role("button", name="Add a condition").click()
    tab.locator(".passages summary").click()


def test_everything_that_can_be_used_has_a_name(tab: Page) -> None:
    everything(tab)
    assert tab.evaluate(UNNAMED) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(tab: Page, scheme: Any) -> None:
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    everything(tab)
    faint = [
        (text, round(ratio, 2))
        for text, ink, paper in tab.evaluate(COLOURS)
        if (ratio := contrast(ink, paper)) < READABLE
    ]
    assert faint == []


def test_the_page_has_landmarks_and_one_heading_of_the_first_level(tab: Page) -> None:
    everything(tab)
    for role in ("banner", "main", "navigation", "complementary"):
        expect(tab.get_by_role(role)).to_have_count(1)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Trident")
    assert tab.locator("html").get_attribute("lang") == "en"


def test_what_happens_is_announced(tab: Page) -> None:
    answered(tab)
    status = tab.get_by_role("status")
    expect(status).to_contain_text("Answer complete. Mount Etna")


def test_the_keyboard_alone_gets_from_the_question_to_the_source_and_back(tab: Page) -> None:
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the question")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Your question")).to_be_focused()
    tab.keyboard.type(VOLCANO)
    tab.keyboard.press("Enter")
    turn = tab.get_by_role("article")
    turn.get_by_role("button", name="Scores and timings").wait_for()
    source = turn.get_by_role("button", name="Source 1").first
    for _ in range(20):
        tab.keyboard.press("Shift+Tab")
        if source.evaluate("e => e === document.activeElement"):
            break
    expect(source).to_be_focused()
    assert source.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    expect(panel(tab).get_by_role("heading", name="Source [1]")).to_be_focused()
    expect(source).to_have_attribute("aria-expanded", "true")
    tab.keyboard.press("Escape")
    expect(panel(tab)).to_be_hidden()
    expect(source).to_be_focused()
    expect(source).to_have_attribute("aria-expanded", "false")


def test_a_new_line_does_not_ask(tab: Page) -> None:
    box = tab.get_by_label("Your question")
    box.focus()
    tab.keyboard.type("one")
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.type("two")
    expect(box).to_have_value("one\ntwo")
    expect(tab.get_by_role("article")).to_have_count(0)


def test_a_phone_needs_no_scrolling_sideways(tab: Page) -> None:
    tab.set_viewport_size({"width": 320, "height": 640})
    everything_of_a_phone = ["Source 1", "Scores and timings"]
    turn = answered(tab)
    assert overflow(tab) == 0
    for name in everything_of_a_phone:
        turn.get_by_role("button", name=name).first.click()
        expect(panel(tab)).to_be_visible()
        assert overflow(tab) == 0
        tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Documents", exact=True).click()
    assert overflow(tab) == 0


def test_on_a_phone_what_lies_under_the_panel_cannot_be_reached(tab: Page) -> None:
    tab.set_viewport_size({"width": 320, "height": 640})
    answered(tab).get_by_role("button", name="Source 1").first.click()
    expect(tab.locator("main")).to_have_attribute("inert", "")
    tab.keyboard.press("Escape")
    assert tab.locator("main").get_attribute("inert") is None


def test_who_wants_no_motion_gets_none(tab: Page) -> None:
    answered(tab).locator(".passages summary").click()
    duration = tab.locator(".passages li").first.evaluate(
        "e => getComputedStyle(e).animationDuration"
    )
    assert float(duration.removesuffix("s")) < 0.001


def overflow(tab: Page) -> int:
    """Pixels of the page beside the window."""
    return int(tab.evaluate("document.documentElement.scrollWidth - innerWidth"))
