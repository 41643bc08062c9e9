"""TREC run and qrels files, as trec_eval and every other scorer reads them."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, TextIO, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from eval.data.judgements import Qrels
    from rag.store.base import Hit

Ranking: TypeAlias = "list[tuple[str, float]]"  # (id, score), best first


def best_chunk_ranking(chunks: Iterable[tuple[str, float]]) -> Ranking:
    """Documents in the order of their best chunk, with its score (maximum passage).

    `chunks` are (document id, score), best first. Dai & Callan 2019, "Deeper Text
    Understanding for IR with Contextual Neural Language Modeling", SIGIR: MaxP.
    """
    best: dict[str, float] = {}
    for doc_id, score in chunks:
        best.setdefault(doc_id, score)
    return list(best.items())


def document_ranking(hits: Iterable[Hit]) -> Ranking:
    """The documents that a search found, by their best chunk."""
    return best_chunk_ranking((hit.chunk.doc_id, hit.score) for hit in hits)


def write_ranking(file: TextIO, query_id: str, ranking: Ranking, tag: str) -> None:
    """The lines of one question.

    Scorers order by score and break ties by id, whatever the rank column says. So a score
    that is not below the one before it is lowered to the next float32 (trec_eval's
    precision): the order that was measured is the order that was found.
    """
    above = np.float32(inf)
    for rank, (doc_id, score) in enumerate(ranking, 1):
        above = min(np.float32(score), np.nextafter(above, np.float32(-inf)))
        file.write(f"{query_id} Q0 {doc_id} {rank} {above:.9g} {tag}\n")


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Scores by question and document."""
    run: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            query_id, _, doc_id, _, score, _ = line.split()
            run.setdefault(query_id, {})[doc_id] = float(score)
    return run


def write_qrels(file: TextIO, qrels: Qrels) -> None:
    """The judgements as `query 0 document relevance` lines."""
    for query_id, documents in qrels.items():
        for doc_id, relevance in documents.items():
            file.write(f"{query_id} 0 {doc_id} {relevance}\n")
