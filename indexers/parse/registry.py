"""Which parser reads which file: the one place that knows suffixes and types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.parse.archive import parse_tar, parse_zip
from indexers.parse.base import Format
from indexers.parse.code import parse_code
from indexers.parse.compressed import parse_compressed
from indexers.parse.delimited import parse_delimited
from indexers.parse.docling import parse_docling
from indexers.parse.docx import parse_docx
from indexers.parse.epub import parse_epub
from indexers.parse.html import parse_html
from indexers.parse.json_file import parse_json
from indexers.parse.jsonl import parse_jsonl
from indexers.parse.languages import LANGUAGE_BY_SUFFIX
from indexers.parse.mail import parse_eml, parse_mbox
from indexers.parse.markdown import parse_markdown
from indexers.parse.parquet import parse_parquet
from indexers.parse.pdf import parse_pdf
from indexers.parse.pptx import parse_pptx
from indexers.parse.rst import parse_rst
from indexers.parse.text import parse_text
from indexers.parse.xlsx import parse_xlsx
from indexers.parse.xml import parse_xml
from rag.settings.parse import ParserChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from indexers.parse.base import Parse, Parsed
    from indexers.parse.reading import Reading


def _alone(parse: Callable[[Path], Iterator[Parsed]]) -> Parse:
    """Of a parser that has no choices and no files within its files."""

    def parse_file(path: Path, _reading: Reading) -> Iterator[Parsed]:
        return parse(path)

    return parse_file


OFFICE = "application/vnd.openxmlformats-officedocument"
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

# No suffix counts as text: README, LICENSE, CHANGELOG. What is binary is refused on reading.
FORMATS = (
    Format(
        "text", 2, ("", ".txt", ".text", ".log"), _alone(parse_text), ("text/plain",), simple=True
    ),
    Format(
        "markdown", 2, (".md", ".markdown"), _alone(parse_markdown), ("text/markdown",), simple=True
    ),
    Format("rst", 1, (".rst",), parse_rst, ("text/x-rst",), modules=("docutils",)),
    Format(
        "html",
        2,
        (".html", ".htm", ".xhtml"),
        _alone(parse_html),
        ("text/html", "application/xhtml+xml"),
    ),
    Format("pdf", 1, (".pdf",), parse_pdf, ("application/pdf",), modules=("pypdf",)),
    Format(
        "docx",
        1,
        (".docx",),
        parse_docx,
        (f"{OFFICE}.wordprocessingml.document",),
        modules=("docx",),
        extra="office",
    ),
    Format(
        "pptx",
        1,
        (".pptx",),
        parse_pptx,
        (f"{OFFICE}.presentationml.presentation",),
        modules=("pptx",),
        extra="office",
    ),
    Format(
        "xlsx",
        1,
        (".xlsx", ".xlsm"),
        parse_xlsx,
        (f"{OFFICE}.spreadsheetml.sheet",),
        modules=("openpyxl", "defusedxml"),
        extra="office",
    ),
    Format(
        "csv",
        1,
        (".csv", ".tsv"),
        parse_delimited,
        ("text/csv", "text/tab-separated-values"),
        simple=True,
    ),
    Format("xml", 1, (".xml", ".rss", ".atom"), parse_xml, ("application/xml", "text/xml")),
    Format("epub", 1, (".epub",), parse_epub, ("application/epub+zip",)),
    Format("eml", 1, (".eml",), parse_eml, ("message/rfc822",)),
    Format("mbox", 1, (".mbox",), parse_mbox, ("application/mbox",), streams=True),
    Format("code", 1, tuple(LANGUAGE_BY_SUFFIX), parse_code, simple=True),
    Format("json", 1, (".json",), parse_json, ("application/json",), simple=True),
    Format(
        "jsonl",
        2,
        (".jsonl", ".ndjson"),
        parse_jsonl,
        ("application/jsonl", "application/x-ndjson"),
        streams=True,
        simple=True,
    ),
    Format(
        "parquet",
        1,
        (".parquet",),
        parse_parquet,
        ("application/vnd.apache.parquet",),
        streams=True,
    ),
    Format("zip", 1, (".zip",), parse_zip, ("application/zip",), streams=True),
    Format("tar", 1, TAR_SUFFIXES, parse_tar, ("application/x-tar",), streams=True),
    Format(
        "compressed",
        1,
        (".gz", ".bz2", ".xz", ".zst"),
        parse_compressed,
        ("application/gzip", "application/x-bzip2", "application/x-xz", "application/zstd"),
        streams=True,
    ),
)
DOCLING = Format(
    "docling",
    1,
    (".pdf", ".docx", ".pptx", ".png", ".jpg", ".jpeg", ".tif", ".tiff"),
    parse_docling,
    modules=("docling",),
    extra="docling",
)
# A choice of parser puts its formats before the others.
_BY_CHOICE = {ParserChoice.BUILTIN: FORMATS, ParserChoice.DOCLING: (*FORMATS, DOCLING)}
_BY_SUFFIX = {
    choice: {suffix: known for known in formats for suffix in known.suffixes}
    for choice, formats in _BY_CHOICE.items()
}
_BY_NAME = {known.name: known for known in (*FORMATS, DOCLING)}
_BY_TYPE = {mime: known for known in FORMATS for mime in known.mime}


def format_of(path: Path, choice: ParserChoice = ParserChoice.BUILTIN) -> Format | None:
    """The format of a file by its longest known suffix (in any case), or None."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    pair = "".join(suffixes[-2:])
    known = _BY_SUFFIX[choice]
    return known.get(pair) or known.get(suffixes[-1] if suffixes else "")


def format_of_type(mime: str) -> Format | None:
    """The format of a MIME type, with or without parameters, or None."""
    return _BY_TYPE.get(mime.partition(";")[0].strip().lower())


def format_named(name: str) -> Format:
    """The format of that name. Raises: KeyError."""
    return _BY_NAME[name]
