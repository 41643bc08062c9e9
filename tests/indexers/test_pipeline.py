"""The whole way from files to answers of the store, on the real engine and real weights."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.errors import CollectionMismatchError, SettingsError, SourceError
from rag.settings import ChunkSettings
from rag.store.base import FieldType, HybridQuery
from rag.types import Leg, Rerank
from tests.indexers.indexer import counts
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from indexers.progress import Progress
    from tests.indexers.indexer import Indexer


def test_every_leg_sees_every_row_right_when_the_run_returns(index: Indexer) -> None:
    text = "\n\n".join(f"Paragraph {n} speaks of honey bees and their dance." for n in range(6))
    index.write(one=text, two="Honey bees again, and nothing else.", three="Bees make honey.")
    report = index(chunk=ChunkSettings(size=24, overlap=0))
    assert counts(report) == (3, 0, 0, 0)
    assert report.chunks > 4
    for leg, found in index.store.leg_rankings(index.collection, index.query("honey")).items():
        assert len(found) == report.chunks, leg


def test_chunks_are_stored_with_their_offsets_titles_and_ids(index: Indexer) -> None:
    text = "The title\n\nFirst words of it. " + "More words follow here. " * 20
    index.write(doc=text)
    index(chunk=ChunkSettings(size=32, overlap=8))
    chunks = index.chunks("words")
    assert len(chunks) > 2
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert {(chunk.doc_id, chunk.title) for chunk in chunks} == {("doc.txt", "The title")}


def test_the_title_is_encoded_with_every_chunk(index: Indexer) -> None:
    index.write_records({"id": "etna", "title": "Volcanoes", "text": "Etna erupted in 2021."})
    index()
    (chunk,) = index.chunks("Etna")
    (encoding,) = index.encoder.encode_documents(["Volcanoes\nEtna erupted in 2021."])
    query = HybridQuery("Etna", encoding, (Leg.DENSE,), 60, Rerank.TENSOR, 10, 1, 200)
    (hit,) = index.store.search(index.collection, query)
    assert hit.score == pytest.approx(len(encoding.tokens), rel=1e-4)
    assert chunk.text == "Etna erupted in 2021."


def test_a_second_run_on_unchanged_files_writes_nothing(index: Indexer) -> None:
    index.write(one="Some text.", two="Other text.")
    index()
    before = index.encoder.forward_seconds
    report = index()
    assert counts(report) == (0, 0, 2, 0)
    assert report.chunks == 0
    assert index.encoder.forward_seconds == before


def test_a_changed_file_is_replaced_and_only_that(fast: Indexer) -> None:
    fast.write(one="Some text.", two="Other text.")
    fast()
    fast.write(two="Changed text.")
    assert counts(fast()) == (0, 1, 1, 0)
    assert [chunk.text for chunk in fast.chunks("text.")] == ["Some text.", "Changed text."]


def test_other_chunk_settings_index_anew(fast: Indexer) -> None:
    fast.write(one="Some text.")
    fast()
    assert counts(fast(chunk=ChunkSettings(size=16, overlap=0))) == (0, 1, 0, 0)


def test_what_was_lost_from_the_store_is_written_again(fast: Indexer) -> None:
    fast.write(one="Some text.", two="Other text.")
    fast()
    fast.store.delete(fast.collection, ["one.txt"])
    assert counts(fast()) == (1, 0, 1, 0)


def test_a_text_that_comes_back_after_a_change_is_not_taken_for_unchanged(fast: Indexer) -> None:
    path = fast.write_records({"id": "a", "text": "first"})
    fast()
    fast.write_records({"id": "a", "text": "second"}, "broken")
    fast()
    fast.write_records({"id": "a", "text": "first"})
    fast(path)
    assert [chunk.text for chunk in fast.chunks("first")] == ["first"]


def test_without_prune_nothing_is_deleted(fast: Indexer) -> None:
    fast.write(one="Some text.", two="Other text.")
    fast()
    (fast.folder / "two.txt").unlink()
    assert counts(fast()) == (0, 0, 1, 0)
    assert fast.ids() == ["one.txt", "two.txt"]


def test_prune_deletes_documents_whose_file_is_gone(fast: Indexer) -> None:
    fast.write(one="Some text.", two="Other text.")
    fast()
    (fast.folder / "two.txt").unlink()
    assert counts(fast(prune=True)) == (0, 0, 1, 1)
    assert fast.ids() == ["one.txt"]
    assert counts(fast(prune=True)) == (0, 0, 1, 0)


def test_prune_deletes_records_that_are_gone_from_their_file(fast: Indexer) -> None:
    fast.write_records({"id": "a", "text": "x"}, {"id": "b", "text": "y"}, {"id": "c", "text": "z"})
    fast()
    fast.write_records({"id": "a", "text": "x"}, {"id": "c", "text": ""})
    assert counts(fast(prune=True)) == (0, 0, 1, 2)
    assert fast.ids() == ["a"]


def test_prune_keeps_what_lies_elsewhere_and_what_could_not_be_read(fast: Indexer) -> None:
    (fast.folder / "sub").mkdir()
    (fast.folder / "sub" / "three.txt").write_text("Third text.")
    fast.write(one="Some text.", two="Other text.")
    path = fast.write_records({"id": "a", "text": "x"}, {"id": "b", "text": "y"})
    fast()
    (fast.folder / "two.txt").unlink()
    (fast.folder / "sub" / "three.txt").write_bytes(b"\0\1\2")
    fast.write_records({"id": "a", "text": "x"}, "{broken")
    assert fast(fast.folder / "sub", path, prune=True).deleted == 0
    assert fast.ids() == ["a", "b", "one.txt", "sub/three.txt", "two.txt"]


def test_only_changed_records_of_a_file_are_written(fast: Indexer) -> None:
    records: list[dict[str, object]] = [{"id": f"r{n}", "text": f"text {n}"} for n in range(5)]
    fast.write_records(*records)
    assert counts(fast()) == (5, 0, 0, 0)
    fast.write_records(*records[:3], {"id": "r3", "text": "new"}, {"id": "r5", "text": "more"})
    report = fast()
    assert counts(report) == (1, 1, 3, 0)
    assert report.chunks == 2


def test_broken_records_are_named_with_their_line_and_the_others_are_kept(fast: Indexer) -> None:
    path = fast.write_records(
        {"id": "a", "text": "fine"},
        "{broken",
        {"id": "b", "text": ""},
        {"id": "a", "text": "twice"},
        {"id": "c", "text": "fine too"},
    )
    report = fast()
    assert counts(report) == (2, 0, 0, 0)
    assert [skip.source for skip in report.skipped] == [f"{path}:{line}" for line in (2, 3, 4)]
    reasons = [skip.reason for skip in report.skipped]
    assert "not JSON" in reasons[0]
    assert "no text" in reasons[1]
    assert f'"a" is already that of {path}:1' in reasons[2]
    again = fast()
    assert counts(again) == (0, 0, 2, 0)
    assert again.skipped == report.skipped


def test_metadata_is_stored_and_a_wrong_type_costs_only_its_record(fast: Indexer) -> None:
    path = fast.write_records(
        {"id": "a", "text": "word", "metadata": {"year": 2020, "note": "n"}},
        {"id": "b", "text": "word", "metadata": {"year": "2021"}},
        {"id": "c", "text": "word"},
    )
    report = fast(fields={"year": FieldType.INTEGER})
    assert fast.ids() == ["a", "c"]
    assert [skip.source for skip in report.skipped] == [f"{path}:2"]
    assert "year" in report.skipped[0].reason
    assert fast.chunks("word")[0].metadata == {"year": 2020, "note": "n"}


def test_the_same_id_from_two_files_is_not_overwritten(fast: Indexer) -> None:
    first, second = fast.folder / "a.jsonl", fast.folder / "b.jsonl"
    first.write_text('{"id": "x", "text": "first"}')
    second.write_text('{"id": "x", "text": "second"}')
    for paths in ((first, second), (second,)):
        report = fast(*paths)
        (skip,) = report.skipped
        assert skip.source == f"{second}:1"
        assert str(first) in skip.reason
    assert [chunk.text for chunk in fast.chunks("first")] == ["first"]


def test_a_document_moves_with_its_file(fast: Indexer) -> None:
    path = fast.write_records({"id": "x", "text": "here"})
    fast()
    path.rename(fast.folder / "moved.jsonl")
    assert counts(fast(prune=True)) == (0, 1, 0, 0)
    assert fast.store.documents(fast.collection)["x"].source == f"{fast.folder}/moved.jsonl"


def test_a_file_that_cannot_be_read_costs_only_itself(fast: Indexer) -> None:
    fast.write(one="Some text.", empty=" \n")
    (fast.folder / "binary.txt").write_bytes(b"\0\1\2")
    (fast.folder / "image.png").write_bytes(b"\x89PNG")
    report = fast()
    assert counts(report) == (1, 0, 0, 0)
    assert {skip.source.rsplit("/")[-1]: skip.reason for skip in report.skipped} == {
        "binary.txt": "it holds binary data, not text",
        "empty.txt": "it has no text",
        "image.png": "no parser for .png",
    }


def test_ids_are_absolute_paths_unless_a_folder_is_given(fast: Indexer) -> None:
    fast.write(one="Some text.")
    fast(relative_to=None)
    assert fast.ids() == [f"{fast.folder}/one.txt"]
    assert fast.store.documents(fast.collection)[fast.ids()[0]].source == f"{fast.folder}/one.txt"


def test_a_file_that_is_not_below_that_folder_is_an_error(fast: Indexer) -> None:
    fast.write(one="Some text.")
    with pytest.raises(SourceError, match="is not below"):
        fast(relative_to=fast.folder / "sub")


def test_another_encoder_is_refused_with_both_named(fast: Indexer) -> None:
    fast.write(one="Some text.")
    fast()
    fast.encoder = TinyEncoder("other")
    with pytest.raises(CollectionMismatchError, match=r"tiny@.*other@"):
        fast()


def test_other_fields_than_those_of_the_collection_are_refused(fast: Indexer) -> None:
    fast.write(one="Some text.")
    fast(fields={"year": FieldType.INTEGER})
    fast()
    with pytest.raises(CollectionMismatchError, match="year:integer, not with lang:string"):
        fast(fields={"lang": FieldType.STRING})


@pytest.mark.parametrize(("size", "overlap"), [(32, 32), (1000, 0)])
def test_chunk_settings_that_cannot_be_kept_are_refused(
    fast: Indexer, size: int, overlap: int
) -> None:
    fast.write(one="Some text.")
    with pytest.raises(SettingsError, match=r"chunk\.size"):
        fast(chunk=ChunkSettings(size=size, overlap=overlap))


def test_an_interrupted_run_keeps_what_is_done_and_the_next_does_the_rest(fast: Indexer) -> None:
    fast.write(**{f"doc{n}": f"Text number {n}." for n in range(8)})
    options = IndexOptions(relative_to=fast.folder, batch_chunks=2, prune=True)

    def interrupt(progress: Progress) -> None:
        if progress.documents == 4:
            signal.raise_signal(signal.SIGINT)

    report = index_paths(
        [fast.folder],
        fast.collection,
        fast.store,
        fast.encoder,
        options=options,
        progress=interrupt,
    )
    assert report.interrupted
    assert "same command again" in report.next_step
    done = report.added
    assert 4 <= done < 8  # the window under way is finished
    assert fast.ids() == [f"doc{n}.txt" for n in range(done)]
    rest = fast()
    assert counts(rest) == (8 - done, 0, done, 0)
    assert not rest.interrupted


def test_progress_ends_with_all_documents_chunks_and_bytes(fast: Indexer) -> None:
    fast.write(one="Some text.", two="Other text.", empty="\n")
    seen: list[Progress] = []
    report = index_paths(
        [fast.folder], fast.collection, fast.store, fast.encoder, progress=seen.append
    )
    last = seen[-1]
    assert (last.documents, last.chunks) == (2, report.chunks)
    assert last.bytes_done == last.bytes_total == 22
    assert last.chunks_per_second > 0


def test_the_report_says_where_the_time_went(index: Indexer) -> None:
    index.write(one="Some text.")
    report = index()
    assert report.seconds.keys() >= {"find", "parse", "chunk", "encode", "write", "wait"}
    assert 0 < report.forward_seconds < report.seconds["encode"]
    assert all(seconds <= report.total_seconds for seconds in report.seconds.values())
    assert report.to_dict()["outside_forward_share"] == report.outside_forward_share
    json.dumps(report.to_dict())
