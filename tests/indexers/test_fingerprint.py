from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexers.fingerprint import Recipe
from indexers.parse.registry import format_of
from indexers.sources import SourceFile
from rag.settings import ChunkSettings
from rag.types import ChunkContext, Document

RECIPE = Recipe(ChunkSettings(), "encoder")
DOCUMENT = Document("d", "text", "title", "source", {"a": 1, "b": "x"})


@pytest.fixture
def source(tmp_path: Path) -> SourceFile:
    path = tmp_path / "a.txt"
    path.write_text("text")
    known = format_of(path)
    assert known
    return SourceFile(path, known, 4)


@pytest.mark.parametrize(
    "other",
    [
        replace(RECIPE, chunk=ChunkSettings(size=100)),
        replace(RECIPE, encoder_identity="another"),
        replace(RECIPE, relative_to=Path("/")),
        replace(RECIPE, context=ChunkContext.TITLE),
    ],
)
def test_a_fingerprint_changes_with_the_way_to_index(source: SourceFile, other: Recipe) -> None:
    assert other.fingerprint(source) != RECIPE.fingerprint(source)


def test_a_fingerprint_changes_with_the_bytes_and_the_parser(source: SourceFile) -> None:
    before = RECIPE.fingerprint(source)
    assert RECIPE.fingerprint(source) == before
    newer = replace(source, format=replace(source.format, version=99))
    assert RECIPE.fingerprint(newer) != before
    source.path.write_text("Text")
    assert RECIPE.fingerprint(source) != before


@pytest.mark.parametrize(
    "other",
    [
        replace(DOCUMENT, text="t"),
        replace(DOCUMENT, title="t"),
        replace(DOCUMENT, source="t"),
        replace(DOCUMENT, metadata={"a": 1, "b": "y"}),
        replace(DOCUMENT, metadata={"a": 1}),
    ],
)
def test_a_revision_changes_with_all_that_is_stored(other: Document) -> None:
    assert RECIPE.revision(other, ()) != RECIPE.revision(DOCUMENT, ())


def test_a_revision_changes_with_the_sections_but_not_with_the_order_of_metadata() -> None:
    reordered = replace(DOCUMENT, metadata={"b": "x", "a": 1})
    assert RECIPE.revision(reordered, ()) == RECIPE.revision(DOCUMENT, ())
    assert RECIPE.revision(DOCUMENT, (3,)) != RECIPE.revision(DOCUMENT, ())
