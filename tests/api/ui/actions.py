"""What people do on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

VOLCANO = "Which volcano is the most active in Europe?"


def ask(tab: Page, question: str) -> None:
    """Type a question and send it."""
    tab.get_by_label("Your question").fill(question)
    tab.keyboard.press("Enter")


def answered(tab: Page, question: str = VOLCANO) -> Locator:
    """Ask, and wait for the whole answer; gives the turn."""
    ask(tab, question)
    turn = tab.get_by_role("article").last
    turn.get_by_role("button", name="Scores and timings").wait_for()
    return turn


def panel(tab: Page) -> Locator:
    """The panel beside the conversation."""
    return tab.get_by_role("complementary")


def run(tab: Page, module: str, expression: str, argument: Any = None) -> Any:
    """The value of an expression over a script of the page, as `m`, and an argument, as `a`."""
    folder = tab.locator("script[type=module]").get_attribute("src")
    assert folder is not None
    url = folder.replace("main.js", module)
    code = f"async ([url, a]) => {{ const m = await import(url); return {expression}; }}"
    return tab.evaluate(code, [f"{tab.url}{url}", argument])
