"""A file that lies under another name than it came by."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from indexers.options import IndexOptions
from indexers.pipeline import index_sources
from indexers.sources import find_sources
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.store.embedded import EmbeddedStore


@pytest.mark.parametrize(
    ("suffix", "title"), [(".csv", "prices"), (".py", "prices.py"), (".py.gz", "prices.py")]
)
def test_its_title_and_id_are_those_of_the_name_that_it_came_by(
    tmp_path: Path, store: EmbeddedStore, collection_name: str, suffix: str, title: str
) -> None:
    content = b"a,b\n1,2\n3,4\n"
    kept = tmp_path / f"0123abcd-1{suffix}"
    kept.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else content)
    found = find_sources([kept])
    (file,) = found.files
    named = replace(found, files=(replace(file, origin=f"prices{suffix}", stem="prices"),))
    index_sources(named, collection_name, store, TinyEncoder(), options=IndexOptions())
    (doc_id,) = store.documents(collection_name)
    assert doc_id.startswith(f"prices{suffix}")
    assert store.chunks(collection_name, doc_id)[0].title == title
