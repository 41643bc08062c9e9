from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexers.parse.base import ParseError
from tests.indexers.parse.reading import read_one

if TYPE_CHECKING:
    from pathlib import Path

FEED = """<?xml version="1.0" encoding="iso-8859-1"?>
<rss><channel><title>Bêles</title>
<item><title>First</title><description>Words &amp; more.</description></item></channel></rss>"""


def test_the_text_of_elements_comes_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(FEED.encode("latin-1"))
    document = read_one(tmp_path / "a.xml")
    assert document.title == "Bêles"
    assert document.text == "Bêles\n\nFirst\n\nWords & more."


def test_what_is_no_xml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<broken")
    with pytest.raises(ParseError, match="no XML"):
        read_one(tmp_path / "a.xml")
