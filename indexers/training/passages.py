"""What heads are trained on: passages in groups, and questions with the passage they ask of."""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """`passage` is the index of the passage that answers it, or that it was cropped from."""

    text: str
    passage: int


@dataclass(frozen=True)
class Passages:
    """`groups[i]` names the article that passage i is from; passages keep their order there."""

    texts: tuple[str, ...]
    groups: tuple[str, ...]

    @cached_property
    def by_group(self) -> dict[str, list[int]]:
        """The passages of each article, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, group in enumerate(self.groups):
            found[group].append(index)
        return dict(found)


def read_pairs(path: Path) -> tuple[Passages, list[Question]]:
    """Read `{"title", "paragraph", "questions": […]}` a line, gzipped or not.

    Raises: SourceError that names the line.
    """
    texts, groups, questions = [], [], []
    for number, record in _records(path):
        try:
            texts.append(str(record["paragraph"]))
            groups.append(str(record["title"]))
            questions += [Question(str(q), len(texts) - 1) for q in record["questions"]]
        except (KeyError, TypeError) as error:
            raise SourceError(
                f"{path}:{number} is no record of title, paragraph and questions."
            ) from error
    return Passages(tuple(texts), tuple(groups)), questions


def split_groups(passages: Passages, share: float, seed: int) -> frozenset[str]:
    """The articles to hold out: a share of all, the same for the same seed."""
    groups = sorted(passages.by_group)
    random.Random(seed).shuffle(groups)  # noqa: S311 - a split, no secret
    return frozenset(groups[: round(share * len(groups))])


def without(
    questions: Sequence[Question], passages: Passages, out: frozenset[str]
) -> list[Question]:
    """The questions of articles that are not held out."""
    return [q for q in questions if passages.groups[q.passage] not in out]


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise SourceError(f"{path}:{number} is no JSON: {error}.") from error
