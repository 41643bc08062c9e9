"""Near duplicates by MinHash: what is alike is found, what is not is left alone, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.duplicates import LIKENESS, Duplicates, likeness, signature_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT = " ".join(f"word{n}" for n in range(400))


def always(_doc_id: str, _revision: str) -> bool:
    return True


@settings(deadline=None)  # the first call imports a library
@given(st.text())
def test_every_text_has_a_signature_and_is_like_itself(text: str) -> None:
    assert likeness(signature_of(text), signature_of(text.upper().lower())) >= 0.0
    assert likeness(signature_of(text), signature_of(text)) == 1.0


def test_likeness_estimates_the_shared_share_of_runs_of_words() -> None:
    half = " ".join(f"word{n}" for n in range(200, 600))
    assert likeness(signature_of(TEXT), signature_of(half)) == pytest.approx(1 / 3, abs=0.13)
    assert likeness(signature_of(TEXT), signature_of("Nothing of the sort.")) == 0.0


def test_the_document_most_like_it_is_found_also_after_reopening(tmp_path: Path) -> None:
    with Duplicates.open(tmp_path, "c") as duplicates:
        duplicates.add("same", "1", signature_of(TEXT))
        duplicates.add("near", "1", signature_of(TEXT + " and a few words more here"))
        duplicates.add("far", "1", signature_of(TEXT[: len(TEXT) // 2]))
    with Duplicates.open(tmp_path, "c") as duplicates:
        match = duplicates.find("new", signature_of(TEXT), always)
        assert match
        assert (match.doc_id, match.likeness) == ("same", 1.0)
        match = duplicates.find("same", signature_of(TEXT), always)
        assert match
        assert match.doc_id == "near"
        assert LIKENESS <= match.likeness < 1


def test_another_collection_and_what_does_not_count_is_not_compared_with(tmp_path: Path) -> None:
    with Duplicates.open(tmp_path, "c") as duplicates:
        duplicates.add("same", "1", signature_of(TEXT))
        assert (
            duplicates.find("new", signature_of(TEXT), lambda _, revision: revision == "2") is None
        )
    with Duplicates.open(tmp_path, "d") as duplicates:
        assert duplicates.find("new", signature_of(TEXT), always) is None


def test_a_document_is_known_by_its_latest_revision(tmp_path: Path) -> None:
    with Duplicates.open(tmp_path, "c") as duplicates:
        duplicates.add("a", "1", signature_of(TEXT))
        assert duplicates.knows("a", "1")
        duplicates.add("a", "2", signature_of("Something else."))
        assert duplicates.knows("a", "2")
        assert not duplicates.knows("a", "1")
        assert duplicates.find("new", signature_of(TEXT), always) is None
