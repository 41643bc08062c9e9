from __future__ import annotations

from pathlib import Path

import pytest

from indexers.parse.base import Format, ParseError
from indexers.parse.reading import require
from indexers.parse.registry import DOCLING, FORMATS, format_named, format_of, format_of_type
from rag.settings import ParserChoice


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text"),
        ("README", "text"),
        ("a.RST", "rst"),
        ("a.md", "markdown"),
        ("a.xhtml", "html"),
        ("a.b.ndjson", "jsonl"),
        ("a.PDF", "pdf"),
        ("a.py", "code"),
        ("a.tar.gz", "tar"),
        ("a.csv.gz", "compressed"),
        ("a.v2.tar", "tar"),
    ],
)
def test_the_suffix_decides_the_format(name: str, kind: str) -> None:
    known = format_of(Path(name))
    assert known
    assert known.name == kind
    assert format_named(kind) is known


@pytest.mark.parametrize("name", ["a.png", "a.exe", "a.doc"])
def test_other_suffixes_have_no_format(name: str) -> None:
    assert format_of(Path(name)) is None


def test_no_suffix_and_no_type_belongs_to_two_formats() -> None:
    for names in (
        [suffix for known in FORMATS for suffix in known.suffixes],
        [mime for known in FORMATS for mime in known.mime],
        [known.name for known in (*FORMATS, DOCLING)],
    ):
        assert len(names) == len(set(names))


def test_a_type_names_a_format_too() -> None:
    known = format_of_type("Text/HTML; charset=utf-8")
    assert known
    assert known.name == "html"
    assert format_of_type("image/png") is None


def test_docling_is_a_choice_that_reads_images_too() -> None:
    for name in ("a.pdf", "a.png"):
        assert format_of(Path(name), ParserChoice.DOCLING) is DOCLING
    plain = format_of(Path("a.txt"), ParserChoice.DOCLING)
    assert plain is format_of(Path("a.txt"))


@pytest.mark.parametrize(
    ("extra", "command"),
    [("office", "pip install 'trident-rag[office]'"), ("", "pip install no_such_module")],
)
def test_what_is_not_installed_is_named_with_the_command(extra: str, command: str) -> None:
    known = Format("odd", 1, (".odd",), format_named("pdf").parse, (), ("no_such_module",), extra)
    with pytest.raises(ParseError) as caught:
        require(known)
    assert str(caught.value) == f"reading odd needs no_such_module: `{command}`"
