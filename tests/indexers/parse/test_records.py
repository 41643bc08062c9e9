"""JSON and Parquet: records by a field mapping."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexers.parse.base import ParsedDocument, ParseError, Problem
from tests.indexers.parse.reading import read, read_one

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = {"id": "key", "text": "body", "title": "headline", "metadata": "about"}
RECORD = {"key": 7, "body": "They dance.", "headline": "Bees", "about": {"year": 2020}}


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.parquet"])
def test_fields_of_any_name_become_a_document(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.parquet":
        pq.write_table(pa.Table.from_pylist([{**RECORD, "else": 1}]), path)
    else:
        path.write_text(json.dumps(RECORD))
    document = read_one(path, map=MAPPING)
    assert (document.id, document.text, document.title) == ("7", "They dance.", "Bees")
    assert document.metadata == {"year": 2020}


def test_a_list_of_records_is_a_document_each_and_a_bad_one_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"id": "a", "text": "x"}, 3, {"id": "b", "text": "y"}]))
    first, second, third = read(path)
    assert isinstance(first, ParsedDocument)
    assert isinstance(third, ParsedDocument)
    assert (first.id, third.id, third.line) == ("a", "b", 3)
    assert second == Problem(2, "it is not a JSON object", second.size)


@pytest.mark.parametrize("text", ['{"name": "bees"}', "[1, 2]", '"word"', "[]"])
def test_other_json_is_the_text_that_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    document = read_one(tmp_path / "a.json")
    assert (document.text, document.title, document.id) == (text, "a.json", None)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{broken")
    with pytest.raises(ParseError, match="not JSON"):
        read(tmp_path / "a.json")


def test_rows_of_parquet_are_read_in_order(tmp_path: Path) -> None:
    rows = [{"id": n, "text": f"text {n}"} for n in range(600)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert [item.line for item in read(tmp_path / "a.parquet")] == list(range(1, 601))


def test_parquet_without_the_column_says_which_there_are(tmp_path: Path) -> None:
    pq.write_table(pa.table({"key": [1], "body": ["x"]}), tmp_path / "a.parquet")
    with pytest.raises(ParseError, match=r"key, body.*--map text=COLUMN"):
        read(tmp_path / "a.parquet")


@pytest.mark.parametrize("data", [b"", b"PAR1nonsensePAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(ParseError, match="damaged or no Parquet"):
        read(tmp_path / "a.parquet")
