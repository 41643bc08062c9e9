"""Metadata of declared types, and searching with `--where`, as a user does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rag.cli.index import parse_fields
from rag.errors import InputError
from rag.store.base import FieldType
from tests.rag.cli.command import trident, trident_json

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("cli_where")

RECORDS = [
    {"id": "etna", "metadata": {"year": 2021, "tags": ["fire", "news"], "seen": "2024-05-31"}},
    {"id": "fuji", "metadata": {"year": 1707, "tags": ["fire"], "seen": "2024-05-31T01:00+02:00"}},
    {"id": "plain"},
]
PAGE = """---
title: Ada
year: 1815
tags: [news, draft]
seen: 2024-06-02
---
A page on Ada.
"""
FAULTY = {"id": "faulty", "metadata": {"seen": "last May"}}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("where") / "pages"
    folder.mkdir()
    store = folder.parent / "store"
    lines = [json.dumps({"text": f"A page on {r['id']}.", **r}) for r in [*RECORDS, FAULTY]]
    (folder / "pages.jsonl").write_text("\n".join(lines))
    (folder / "ada.md").write_text(PAGE)
    fields = [f"--field={name}" for name in ("year:integer", "tags:tags", "seen:date")]
    done = trident(
        "index", str(folder), "-c", "pages", *fields, store=store, code=3
    )  # fmt: skip
    assert "metadata seen: 'last May' is not a date of ISO 8601 such as 2024-05-31" in done.stdout
    return store


def found(store: Path, where: str) -> set[str]:
    result = trident_json("search", "page", "-c", "pages", "--where", where, store=store)
    return {passage["chunk"]["doc_id"] for passage in result["passages"]}


def test_search_finds_only_that_for_which_the_filter_holds(store: Path) -> None:
    assert found(store, "year < 2000 and tags has fire or not year exists") == {"fuji", "plain"}
    assert found(store, "seen >= 2024-05-31 and not tags has draft") == {"etna"}


def test_front_matter_gives_fields_of_their_types(store: Path) -> None:
    page = str(store.parent / "pages" / "ada.md")
    assert found(store, "year = 1815 and seen > 2024-06-01 and tags has draft") == {page}
    assert found(store, "title = Ada") == {page}


def test_ask_answers_from_that_for_which_the_filter_holds(store: Path) -> None:
    answer = trident_json("ask", "page", "-c", "pages", "--where", "year = 1707", store=store)
    assert {passage["chunk"]["doc_id"] for passage in answer["search"]["passages"]} == {"fuji"}


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("year >= ", "expected a value after >= at character 9."),
        ("yaer = 1", "There is no field 'yaer' to filter on"),
        ("year = old", "The field year is of type integer: 'old' is not an integer."),
    ],
)
def test_a_filter_that_cannot_be_is_one_sentence(store: Path, where: str, sentence: str) -> None:
    done = trident("search", "page", "-c", "pages", "--where", where, store=store, code=2)
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_fields_are_declared_with_a_type() -> None:
    assert parse_fields(["year:int", "seen:date", "tags:tags"]) == {
        "year": FieldType.INTEGER,
        "seen": FieldType.DATE,
        "tags": FieldType.TAGS,
    }
    with pytest.raises(InputError, match="string, integer, float, boolean, date, tags"):
        parse_fields(["year:number"])
