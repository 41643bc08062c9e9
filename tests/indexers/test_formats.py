"""From files of every kind to the rows of the store: offsets, pages, sections, failures."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import docx
import pytest

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.settings import ChunkSettings, ParseSettings
from rag.store.base import FieldType, HybridQuery
from rag.types import Leg, Rerank
from tests.indexers.parse.pdf_file import pdf
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from indexers.report import IndexReport
    from rag.store.embedded import EmbeddedStore
    from rag.types import Chunk

ENCODER = TinyEncoder()


class Corpus:
    """A folder of files and the collection that they are indexed into."""

    def __init__(self, folder: Path, collection: str, store: EmbeddedStore) -> None:
        self.folder = folder
        self.collection = collection
        self.store = store

    def index(self, **parse: object) -> IndexReport:
        options = IndexOptions(
            chunk=ChunkSettings(size=24, overlap=0),
            parse=ParseSettings(**parse),  # type: ignore[arg-type]  # any of its fields
            fields={"page": FieldType.INTEGER},
            relative_to=self.folder,
        )
        return index_paths([self.folder], self.collection, self.store, ENCODER, options=options)

    def chunks(self, word: str) -> list[Chunk]:
        query = HybridQuery(
            word, ENCODER.encode_question(word), (Leg.FULLTEXT,), 60, Rerank.NONE, 100, 100, 200
        )
        found = self.store.search(self.collection, query)
        return sorted((hit.chunk for hit in found), key=lambda chunk: (chunk.doc_id, chunk.start))


@pytest.fixture
def corpus(tmp_path: Path, collection_name: str, store: EmbeddedStore) -> Corpus:
    return Corpus(tmp_path, collection_name, store)


def test_a_chunk_knows_its_page(corpus: Corpus) -> None:
    sentence = "Honey bees dance to tell each other the way to flowers"
    pages = [[f"{sentence} on page {n}."] * 3 for n in (1, 2, 3)]
    (corpus.folder / "bees.pdf").write_bytes(pdf(pages))
    corpus.index()
    chunks = corpus.chunks("honey")
    assert {chunk.metadata["page"] for chunk in chunks} == {1, 2, 3}
    for chunk in chunks:
        assert f"on page {chunk.metadata['page']}" in chunk.text


def test_a_chunk_knows_its_section_and_a_table_stays_whole(corpus: Corpus) -> None:
    document = docx.Document()
    document.add_heading("Bees", 1)
    document.add_paragraph("Words about bees come first. " * 5)
    document.add_heading("Castes", 2)
    document.add_paragraph("The table says how many there are.")
    table = document.add_table(4, 2)
    for row in table.rows:
        for cell in row.cells:
            cell.text = "queen bee"
    document.save(str(corpus.folder / "bees.docx"))
    corpus.index()
    chunks = corpus.chunks("queen")
    assert [chunk.text for chunk in chunks if "|" in chunk.text] == [
        "\n".join(["queen bee | queen bee"] * 4)
    ]
    assert {chunk.metadata["section"] for chunk in chunks} == {"Bees > Castes"}


def test_members_of_an_archive_are_documents_with_ids_of_their_own(corpus: Corpus) -> None:
    with zipfile.ZipFile(corpus.folder / "a.zip", "w") as archive:
        archive.writestr("docs/bees.md", "# Bees\n\nThey dance.")
        archive.writestr("bee.png", "PNG")
        archive.writestr("../evil.txt", "harm")
    report = corpus.index()
    (chunk,) = corpus.chunks("dance")
    assert chunk.doc_id == "a.zip!/docs/bees.md"
    assert {
        skip.source.removeprefix(f"{corpus.folder}/"): skip.reason for skip in report.skipped
    } == {
        "a.zip!/bee.png": "no parser for .png",
        "a.zip!/../evil.txt": "its path leads out of the archive",
    }


def test_a_file_that_cannot_be_read_costs_only_itself_unless_told_otherwise(
    corpus: Corpus,
) -> None:
    (corpus.folder / "a.txt").write_text("Good words.")
    (corpus.folder / "b.pdf").write_bytes(b"no PDF")
    (corpus.folder / "c.txt").write_text("More good words.")
    report = corpus.index(fail_fast=True)
    assert report.failed_fast
    assert "first failure" in report.next_step
    assert [skip.source for skip in report.skipped] == [f"{corpus.folder}/b.pdf"]
    assert [chunk.doc_id for chunk in corpus.chunks("good")] == ["a.txt"]
    report = corpus.index()
    assert [chunk.doc_id for chunk in corpus.chunks("good")] == ["a.txt", "c.txt"]
    assert [skip.source for skip in report.skipped] == [f"{corpus.folder}/b.pdf"]


def test_another_mapping_reads_the_same_file_anew(corpus: Corpus) -> None:
    (corpus.folder / "a.jsonl").write_text('{"id": 1, "text": "first words", "body": "others"}')
    corpus.index()
    assert [chunk.text for chunk in corpus.chunks("first")] == ["first words"]
    assert corpus.index(map={"text": "body"}).replaced == 1
    assert [chunk.text for chunk in corpus.chunks("others")] == ["others"]
