"""A subset of the questions is named by their ids or by their documents'."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.data.subsets import Subset, parse_subsets, read_ids
from rag.errors import InputError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

QRELS = {"q1": {"a": 1, "x": 0}, "q2": {"a": 1, "b": 1}, "q3": {"b": 2}}


@pytest.mark.parametrize(
    ("ids", "questions"),
    [
        ({"q3", "q1"}, ["q1", "q3"]),
        ({"a"}, ["q1"]),
        ({"a", "b"}, ["q1", "q2", "q3"]),
        ({"q2", "b", "elsewhere"}, ["q2", "q3"]),
    ],
)
def test_a_question_is_in_by_itself_or_by_all_its_relevant_documents(
    ids: set[str], questions: list[str]
) -> None:
    assert Subset("part", frozenset(ids)).questions(QRELS) == questions


def test_a_subset_without_a_question_is_refused() -> None:
    with pytest.raises(InputError, match=r"No question .* the subset part"):
        Subset("part", frozenset({"x", "nowhere"})).questions(QRELS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ids.txt", "a b\nc\n"),
        ("ids.json", json.dumps(["a", "b", "c"])),
        ("meta.json", json.dumps({"about": "ids", "count": 3, "unseen": ["a", "b", "c"]})),
    ],
)
def test_ids_come_as_words_or_as_the_one_list_of_a_json_file(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    (subset,) = parse_subsets([f"part={tmp_path / name}"])
    assert subset == Subset("part", frozenset("abc"))


@pytest.mark.parametrize("text", ['{"a": ["x"], "b": ["y"]}', "[1, 2]", "{}", '"abc"', "{"])
def test_json_that_is_no_list_of_ids_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ids.json"
    path.write_text(text)
    with pytest.raises(SourceError, match="holds no list of ids"):
        read_ids(path)


@pytest.mark.parametrize("text", ["part", "=ids.txt", "part=", "a b=ids.txt", "../x=ids.txt"])
def test_what_is_not_name_and_file_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write NAME=FILE"):
        parse_subsets([text])


def test_a_file_that_is_not_there_and_a_name_that_comes_twice_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        parse_subsets([f"part={tmp_path / 'none'}"])
    (tmp_path / "ids").write_text("a")
    with pytest.raises(InputError, match="same name"):
        parse_subsets([f"part={tmp_path / 'ids'}"] * 2)
