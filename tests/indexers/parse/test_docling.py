from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from indexers.parse.base import ParseError
from tests.indexers.parse.pdf_file import pdf
from tests.indexers.parse.reading import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(importlib.util.find_spec("docling") is not None, reason="Docling is installed")
def test_without_docling_the_command_that_installs_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([["words"]]))
    with pytest.raises(ParseError, match=r"pip install 'trident-rag\[docling\]'"):
        read(tmp_path / "a.pdf", parser="docling")
