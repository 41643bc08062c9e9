"""How the page is served: whole, from this server alone, under a strict policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from api.ui.page import FOR_GOOD, STATIC, digest, render
from tests.api.auth.guarded import guarded_app

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

    from rag.service import Rag

LINK = re.compile(r"""(?:src|href)="([^"#]+)\"""")
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]


def links(page: str) -> list[str]:
    """What the page loads."""
    return LINK.findall(page)


def test_every_file_of_the_page_is_there_and_kept_for_good(client: TestClient) -> None:
    for link in links(client.get("/").text):
        response = client.get(f"/{link}")
        assert response.status_code == 200, link
        assert response.headers["cache-control"] == FOR_GOOD


def test_the_page_itself_is_asked_for_anew(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_scripts_are_served_as_scripts(client: TestClient) -> None:
    kinds = {
        client.get(f"/{link}").headers["content-type"].partition(";")[0]
        for link in links(client.get("/").text)
        if link.endswith(".js")
    }
    assert kinds == {"text/javascript"}


def test_the_policy_allows_nothing_but_files_of_this_server(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in policy


def test_all_links_are_relative_so_that_any_prefix_will_do(client: TestClient) -> None:
    assert all(link.startswith("ui/") for link in links(client.get("/").text))


def test_the_page_needs_no_key(rag: Rag, tmp_path: Path) -> None:
    with guarded_app(rag, tmp_path) as guarded:
        page = guarded.client.get("/")
        assert page.status_code == 200
        files = [guarded.client.get(f"/{link}") for link in links(page.text)]
        assert {file.status_code for file in files} == {200}
        assert {file.headers["cache-control"] for file in files} == {FOR_GOOD}


def test_another_content_has_another_path(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one")
    first = digest(tmp_path)
    (tmp_path / "a.js").write_text("two")
    second = digest(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, digest(tmp_path)}) == 3


def test_nothing_is_left_to_fill_in() -> None:
    assert "{{" not in render(STATIC, "ui/x")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name))
def test_no_file_names_another_server(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z0-9.-]+\.[a-z]{2,}/", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.name))
def test_no_script_makes_markup_of_text(path: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    assert not re.search(forbidden, path.read_text(encoding="utf-8"))
