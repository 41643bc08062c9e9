"""Relevance judgements (qrels): which documents answer which question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from eval.data.parquet import SUFFIX as PARQUET
from eval.data.parquet import read_parquet
from eval.data.records import broken, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from eval.data.records import Record

Qrels: TypeAlias = "Mapping[str, Mapping[str, int]]"  # question id → document id → relevance

RELEVANCE_HEADINGS = {"score", "relevance", "rel", "label"}
QUERY_KEYS = ("query-id", "query_id")
DOCUMENT_KEYS = ("corpus-id", "corpus_id")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is to a question (0: not); `where` names its file and line."""

    query_id: str
    doc_id: str
    relevance: int
    where: str

    @property
    def relevant(self) -> bool:
        """The document answers the question."""
        return self.relevance > 0


def read_qrels(*paths: Path) -> Iterator[Judgement]:
    """Judgements of text files, or of Parquet files in MTEB's columns.

    A line is `query doc relevance` or `query iteration doc relevance`, separated by tabs or
    other white space; a heading (BEIR's `query-id corpus-id score`) is passed over. A row has
    `query-id`, `corpus-id` and `score`.

    Raises: SourceError for a broken line, or a pair that is judged in two ways.
    """
    seen: dict[tuple[str, str], int] = {}
    for path in paths:
        for judgement in READERS.get(path.suffix, _read_text)(path):
            pair = judgement.query_id, judgement.doc_id
            if seen.setdefault(pair, judgement.relevance) != judgement.relevance:
                what = f"judges {pair[1]} for {pair[0]} unlike one before it"
                raise broken(judgement.where, what)
            yield judgement


def to_qrels(judgements: Iterable[Judgement]) -> Qrels:
    """The judgements by question and document."""
    qrels: dict[str, dict[str, int]] = {}
    for judgement in judgements:
        qrels.setdefault(judgement.query_id, {})[judgement.doc_id] = judgement.relevance
    return qrels


def _read_text(path: Path) -> Iterator[Judgement]:
    for number, (where, line) in enumerate(read_lines(path)):
        columns = line.split()
        if number == 0 and columns[-1].lower() in RELEVANCE_HEADINGS:
            continue
        if len(columns) not in (3, 4):
            raise broken(where, f"has {len(columns)} columns instead of 3 or 4")
        yield Judgement(columns[0], columns[-2], _whole(columns[-1], where), where)


def _read_parquet(path: Path) -> Iterator[Judgement]:
    return map(_of_record, read_parquet(path))


def _of_record(record: Record) -> Judgement:
    relevance = record.fields.get("score")
    # Columns of whole numbers are often kept as floats.
    written = (
        int(relevance) if isinstance(relevance, float) and relevance.is_integer() else relevance
    )
    return Judgement(
        record.identifier(*QUERY_KEYS),
        record.identifier(*DOCUMENT_KEYS),
        _whole(str(written), record.where),
        record.where,
    )


def _whole(text: str, where: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise broken(where, f"has the relevance {text!r}, which is no whole number") from error


READERS: Mapping[str, Callable[[Path], Iterator[Judgement]]] = {PARQUET: _read_parquet}
