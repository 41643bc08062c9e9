"""Near-duplicates over whole runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.indexers.indexer import counts

if TYPE_CHECKING:
    from tests.indexers.indexer import Indexer


def test_a_near_duplicate_is_left_out_and_named(fast: Indexer) -> None:
    text = " ".join(f"word{n}" for n in range(200))
    fast.write(a=text, b=text + " one more", c="Something else entirely, in other words.")
    report = fast(dedupe=True)
    assert fast.ids() == ["a.txt", "c.txt"]
    (repeat,) = report.duplicates
    assert (repeat.source, repeat.doc_id) == (str(fast.folder / "b.txt"), "a.txt")
    assert repeat.likeness > 0.9
    assert report.skipped == []
    again = fast(dedupe=True)
    assert again.duplicates == report.duplicates
    assert counts(again) == (0, 0, 2, 0)


def test_a_duplicate_of_what_an_earlier_run_indexed_is_found(fast: Indexer) -> None:
    text = " ".join(f"word{n}" for n in range(200))
    fast.write(b=text)
    fast()  # without looking for duplicates, so that nothing is known of it
    fast.write(a=text + " more", c=text)
    report = fast(dedupe=True)
    assert {repeat.doc_id for repeat in report.duplicates} == {"a.txt"}
    assert fast.ids() == ["a.txt", "b.txt"]  # what is stored stays


def test_what_a_gone_document_said_can_be_indexed_again(fast: Indexer) -> None:
    text = " ".join(f"word{n}" for n in range(200))
    fast.write(a=text, b=text)
    fast(dedupe=True)
    (fast.folder / "a.txt").unlink()
    report = fast(dedupe=True, prune=True)
    assert report.duplicates == []
    assert fast.ids() == ["b.txt"]
