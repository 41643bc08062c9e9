"""Files that need not be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.fingerprint import Recipe
from tests.indexers.indexer import counts

if TYPE_CHECKING:
    from tests.indexers.indexer import Indexer


def test_a_file_that_was_only_touched_is_not_indexed_again(fast: Indexer) -> None:
    fast.write(one="Some text.")
    fast()
    (fast.folder / "one.txt").touch()
    assert counts(fast()) == (0, 0, 1, 0)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file counts as too young to be known by what the file system says."""
    monkeypatch.setattr("indexers.fingerprint.SETTLED_NS", 0)


@pytest.mark.usefixtures("settled")
def test_a_file_that_the_file_system_calls_unchanged_is_not_even_read(
    fast: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast.write(one="Some text.")
    fast()
    monkeypatch.delattr(Recipe, "fingerprint")
    assert counts(fast()) == (0, 0, 1, 0)


@pytest.mark.usefixtures("settled")
def test_what_was_lost_from_the_store_is_recorded_by_its_content_again(fast: Indexer) -> None:
    fast.write(one="Some text.")
    fast()
    fast.store.delete(fast.collection, ["one.txt"])
    assert counts(fast()) == (1, 0, 0, 0)
    (fast.folder / "one.txt").touch()  # now only the content tells that it is the same
    assert counts(fast()) == (0, 0, 1, 0)
