"""Fetching from an honest and from a hostile server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from indexers.sources import SourceOptions, find_sources
from indexers.sources.guard import is_public
from rag.settings import ChunkSettings, FetchSettings
from tests.indexers.sources.site import Handler, served
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def fetch(tmp_path: Path) -> FetchSettings:
    return FetchSettings(
        cache=tmp_path, private_addresses=True, largest=4, timeout=1.0, redirects=3
    )


def reason(url: str, fetch: FetchSettings) -> str:
    sources = find_sources([url], SourceOptions(fetch=fetch))
    assert not sources.files
    (skip,) = sources.skipped
    assert skip.source == url
    return skip.reason


def test_the_type_that_the_server_gives_decides_what_reads_a_page(
    site: str, fetch: FetchSettings
) -> None:
    urls = [f"{site}/page", f"{site}/notes", f"{site}/moved"]
    files = find_sources(urls, SourceOptions(fetch=fetch)).files
    assert [(file.origin, file.format.name) for file in files] == [
        (urls[0], "html"),
        (urls[1], "markdown"),
        (urls[2], "html"),
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("inside", "169.254.169.254 is not on the public internet"),
        ("file", "no http or https URL"),
        ("loop", "more than 3 redirects"),
        ("endless", "larger than fetch.largest, 4 MiB"),
        ("bomb", "larger than fetch.largest, 4 MiB"),
        ("slow", "took longer than fetch.timeout, 1 s"),
        ("loris", "took longer than fetch.timeout, 1 s"),
        ("secret", "robots.txt does not allow it"),
        ("image", "no parser for image/png"),
        ("nothing", "the server answered 404"),
    ],
)
def test_what_is_refused_is_skipped_with_its_reason(
    site: str, fetch: FetchSettings, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    if path == "inside":  # only the server of these tests may be private
        allowed = "127.0.0.1"
        monkeypatch.setattr(
            "indexers.sources.guard.is_public", lambda a: a == allowed or is_public(a)
        )
        fetch = fetch.model_copy(update={"private_addresses": False})
    assert said in reason(f"{site}/{path}", fetch)


def test_a_private_address_is_not_connected_to(site: str, fetch: FetchSettings) -> None:
    Handler.asked.clear()
    closed = fetch.model_copy(update={"private_addresses": False, "robots": False})
    assert "127.0.0.1 is not on the public internet" in reason(f"{site}/page", closed)
    by_name = site.replace("127.0.0.1", "localhost")
    assert "localhost is not on the public internet" in reason(f"{by_name}/page", closed)
    assert not Handler.asked


def test_a_name_that_changes_its_address_is_looked_up_once(
    site: str, fetch: FetchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["203.0.113.1", "127.0.0.1"])  # of a name server that wants to lead inside
    asked: list[str] = []

    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: int, **more: int) -> list[Any]:
        if host[0].isdigit():
            return real(host, port, *rest, **more)
        asked.append(host)
        return [(0, 0, 0, "", (next(answers), port))]

    monkeypatch.setattr("indexers.sources.guard.socket.getaddrinfo", look_up)
    monkeypatch.setattr("indexers.sources.guard.is_public", lambda address: address[:3] == "203")
    Handler.asked.clear()
    port = site.rpartition(":")[2]
    quick = fetch.model_copy(update={"private_addresses": False, "robots": False, "timeout": 0.3})
    reason(f"http://rebinding.example:{port}/page", quick)
    assert asked == ["rebinding.example"]
    assert not Handler.asked


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.168.1.1"),
        *("224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_addresses_that_not_everybody_can_reach_are_private(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_others_are_public(address: str) -> None:
    assert is_public(address)


def test_a_page_is_indexed_under_its_address_and_not_again_while_unchanged(
    site: str, fetch: FetchSettings, store: EmbeddedStore, collection_name: str
) -> None:
    options = IndexOptions(fetch=fetch, chunk=ChunkSettings(size=64, overlap=0))
    urls = [f"{site}/page", f"{site}/nothing"]
    first = index_paths(urls, collection_name, store, TinyEncoder(), options=options)
    assert (first.added, len(first.skipped)) == (1, 1)
    (document,) = store.documents(collection_name).values()
    assert (document.doc_id, document.source) == (urls[0], urls[0])
    again = index_paths(urls, collection_name, store, TinyEncoder(), options=options)
    assert (again.added, again.unchanged) == (0, 1)
