"""Answers of which people, or we, know whether their context supports them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from eval.data.records import broken, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from eval.data.records import Record


FOLDS = 5


class Part(StrEnum):
    """What weights are fitted on, and what they are tested on."""

    FIT = "fit"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """An answer and what it was made from; `grounded` is what a person says of it.

    `source` is the part of the data that it belongs to.
    """

    context: str
    answer: str
    grounded: bool
    question: str = ""
    source: str = ""

    @property
    def part(self) -> Part:
        """Answers from one context are all in one part, one half of all contexts each."""
        return part_of(self.context)

    @property
    def fold(self) -> int:
        """0 to FOLDS - 1, the same for all answers from one context."""
        return _hash(self.context) // 2 % FOLDS


def part_of(name: str) -> Part:
    """The part of what goes by this name."""
    return list(Part)[_hash(name) % 2]


def _hash(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def read_answers(path: Path) -> Iterator[LabelledAnswer]:
    """The answers of a JSONL file of {context, answer, label, question?, source?}.

    `label` is 1 for an answer that its context does not support, 0 for one that it does.

    Raises: SourceError for a line that is not so.
    """
    for record in read_records(path):
        yield LabelledAnswer(
            context=record.text("context"),
            answer=record.text("answer"),
            grounded=not _label(record),
            question=record.text("question", default=""),
            source=record.text("source", default=""),
        )


def to_record(answer: LabelledAnswer) -> Mapping[str, Any]:
    """The line of a file that `read_answers` reads."""
    return {
        "context": answer.context,
        "answer": answer.answer,
        "label": int(not answer.grounded),
        "question": answer.question,
        "source": answer.source,
    }


def _label(record: Record) -> int:
    label = record.fields.get("label")
    if label not in (0, 1):
        raise broken(record.where, 'has no "label" that is 0 (supported) or 1 (not supported)')
    return int(label)
