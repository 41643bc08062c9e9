"""The page at /docs is whole without a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

if TYPE_CHECKING:
    from rag.service import Rag

LINK = re.compile(r"""(?:src|href)=["']([^"']+)|url: ["']([^"']+)""")


def links(page: str) -> list[str]:
    """What the page loads."""
    return [src or url for src, url in LINK.findall(page)]


def test_every_file_of_the_page_comes_from_this_server(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "://" not in page.text
    loaded = links(page.text)
    assert [link.rpartition(".")[2] for link in loaded] == ["css", "png", "js", "json"]
    assert {client.get(link).status_code for link in loaded} == {200}


def test_nobody_else_is_asked_to_check_the_document(client: TestClient) -> None:
    assert '"validatorUrl": null' in client.get("/docs").text


def test_a_page_that_would_need_a_network_is_not_served(client: TestClient) -> None:
    assert client.get("/redoc").status_code == 404


@pytest.mark.parametrize("path", ["/docs-files/none.js", "/docs-files/../core.py"])
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_behind_a_prefix_the_links_have_it(rag: Rag) -> None:
    from api.app import create_app

    page = TestClient(create_app(rag=rag), root_path="/trident").get("/docs").text
    assert all(link.startswith("/trident/") for link in links(page))
