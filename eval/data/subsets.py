"""Parts of the questions that are scored by themselves, from the same runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import InputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.data.judgements import Qrels


@dataclass(frozen=True, slots=True)
class Subset:
    """A name, and the ids that say which questions are in it."""

    name: str
    ids: frozenset[str]

    def questions(self, qrels: Qrels) -> list[str]:
        """Those that are named, and those all of whose relevant documents are.

        Raises: InputError when there is none.
        """
        found = [query_id for query_id, judged in qrels.items() if self._has(query_id, judged)]
        if not found:
            raise InputError(
                f"No question of this evaluation is in the subset {self.name}; its file must hold "
                "ids of questions, or of the documents that answer them."
            )
        return found

    def _has(self, query_id: str, judged: Mapping[str, int]) -> bool:
        relevant = {doc_id for doc_id, relevance in judged.items() if relevance > 0}
        return query_id in self.ids or relevant <= self.ids


def parse_subsets(texts: Sequence[str]) -> list[Subset]:
    """Subsets given as `NAME=FILE`. Raises: InputError, SourceError."""
    subsets = [_parse(text) for text in texts]
    if len({subset.name for subset in subsets}) < len(subsets):
        raise InputError("Two subsets have the same name; name each differently.")
    return subsets


def read_ids(path: Path) -> frozenset[str]:
    """Ids separated by white space; of a `.json` file its list, or its object's only list.

    Raises: SourceError.
    """
    try:
        text = path.read_text(encoding="utf-8")
        ids = _ids_of(json.loads(text)) if path.suffix == ".json" else text.split()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SourceError(f"{path} holds no list of ids; give one id a line.") from error
    return frozenset(ids)


def _parse(text: str) -> Subset:
    name, equals, file = text.partition("=")
    if not (name and equals and file) or not name.isidentifier():
        raise InputError(f"{text!r} is no subset; write NAME=FILE, such as unseen=ids.txt.")
    return Subset(name, read_ids(Path(file)))


def _ids_of(value: Any) -> list[str]:
    lists = [value] if isinstance(value, list) else _lists_in(value)
    if len(lists) != 1 or not all(isinstance(one, str) for one in lists[0]):
        raise ValueError("not exactly one list of strings")
    return list(lists[0])


def _lists_in(value: Any) -> list[list[Any]]:
    return (
        [one for one in value.values() if isinstance(one, list)] if isinstance(value, dict) else []
    )
