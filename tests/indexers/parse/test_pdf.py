from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.parse.base import ParseError
from tests.indexers.parse.pdf_file import encrypted_pdf, pdf, pdf_with_outline
from tests.indexers.parse.reading import read_one, sections_of

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    ["The hive", "Honey bees dance to tell the way."],
    ["The queen", "She lays eggs."],
    ["Workers", "They gather nec-", "tar all day."],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bees.pdf"


def test_every_page_has_its_number_at_the_offset_of_its_text(path: Path) -> None:
    path.write_bytes(pdf(PAGES))
    document = read_one(path)
    starts = {place.page: document.text[place.start :].split("\n")[0] for place in document.places}
    assert starts == {1: "The hive", 2: "The queen", 3: "Workers"}
    assert document.title == "The hive"


def test_a_word_that_is_broken_at_the_end_of_a_line_is_whole(path: Path) -> None:
    path.write_bytes(pdf(PAGES))
    assert "They gather nectar all day." in read_one(path).text.replace("\n", " ")


def test_outline_items_begin_sections_where_their_words_stand(path: Path) -> None:
    path.write_bytes(pdf_with_outline(PAGES, [("The hive", 0), ("She lays eggs.", 1)]))
    document = read_one(path)
    assert [document.text[start : start + 8] for start in document.sections] == [
        "The hive",
        "She lays",
    ]
    sections = sections_of(document)
    assert sections["The queen"] == "The hive"
    assert sections["She lays eggs."] == sections["Workers"] == "The hive > She lays eggs."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_file_that_is_only_protected_against_changes_is_read(path: Path, algorithm: str) -> None:
    path.write_bytes(encrypted_pdf(PAGES, "", algorithm))
    assert "Honey bees dance" in read_one(path).text


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_file_with_a_password_is_refused_with_the_reason(path: Path, algorithm: str) -> None:
    path.write_bytes(encrypted_pdf(PAGES, "secret", algorithm))
    with pytest.raises(ParseError, match="encrypted"):
        read_one(path)


def test_a_scan_without_text_is_refused_with_what_to_do(path: Path) -> None:
    path.write_bytes(pdf([[], []]))
    with pytest.raises(ParseError, match="--parser docling"):
        read_one(path)


@pytest.mark.parametrize("data", [b"", b"no PDF at all", pdf(PAGES)[:200]])
def test_what_is_damaged_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(ParseError, match=r"cannot be read as pdf|no text"):
        read_one(path)
