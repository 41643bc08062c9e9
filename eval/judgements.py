"""Relevance judgements (qrels): which documents answer which question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from eval.records import broken, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Qrels: TypeAlias = "Mapping[str, Mapping[str, int]]"  # question id → document id → relevance

RELEVANCE_HEADINGS = {"score", "relevance", "rel", "label"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is to a question (0: not); `where` is `file:line`."""

    query_id: str
    doc_id: str
    relevance: int
    where: str

    @property
    def relevant(self) -> bool:
        """The document answers the question."""
        return self.relevance > 0


def read_qrels(path: Path) -> Iterator[Judgement]:
    """Judgements of `query doc relevance` or `query iteration doc relevance` lines.

    Columns are separated by tabs or other white space; a heading (BEIR's
    `query-id corpus-id score`) is passed over.

    Raises: SourceError for a broken line, or a pair that is judged in two ways.
    """
    seen: dict[tuple[str, str], int] = {}
    for number, (where, line) in enumerate(read_lines(path)):
        columns = line.split()
        if number == 0 and columns[-1].lower() in RELEVANCE_HEADINGS:
            continue
        judgement = _judgement(columns, where)
        pair = judgement.query_id, judgement.doc_id
        if seen.setdefault(pair, judgement.relevance) != judgement.relevance:
            raise broken(where, f"judges {pair[1]} for {pair[0]} unlike a line before it")
        yield judgement


def to_qrels(judgements: Iterable[Judgement]) -> Qrels:
    """The judgements by question and document."""
    qrels: dict[str, dict[str, int]] = {}
    for judgement in judgements:
        qrels.setdefault(judgement.query_id, {})[judgement.doc_id] = judgement.relevance
    return qrels


def _judgement(columns: list[str], where: str) -> Judgement:
    if len(columns) not in (3, 4):
        raise broken(where, f"has {len(columns)} columns instead of 3 or 4")
    try:
        return Judgement(columns[0], columns[-2], int(columns[-1]), where)
    except ValueError as error:
        raise broken(
            where, f"has the relevance {columns[-1]!r}, which is no whole number"
        ) from error
