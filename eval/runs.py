"""Make the TREC run of each configuration, once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from eval.configurations import Configuration, Ordering
from eval.files import write_json, writing
from eval.progress import silent
from eval.trec import Ranking, best_chunk_ranking, document_ranking, write_ranking
from rag.retrieve import build_query
from rag.types import Rerank
from rerankers.fusion import reciprocal_rank_fusion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.configurations import Family
    from eval.datasets import Question
    from eval.progress import StepProgress
    from eval.workspace import Workspace
    from rag.settings import SearchSettings
    from rag.store.base import Hit, Store
    from rag.types import Encoding

WARM_UP_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its encoding."""

    question: Question
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class Searched:
    """What the searches of one family gave for one question, by rerank."""

    hits: Mapping[Rerank, Sequence[Hit]]
    milliseconds: Mapping[Rerank, float]


@dataclass(frozen=True, slots=True)
class Runner:
    """Asks all questions in the ways of a family and writes what is not there yet."""

    store: Store
    collection: str
    asked: Sequence[Asked]
    options: SearchSettings
    workspace: Workspace

    def missing(self, family: Family) -> list[Configuration]:
        """The configurations without a finished run."""
        return [
            configuration
            for configuration in family.configurations
            if not self.workspace.record(configuration.name).exists()
        ]

    def run(self, family: Family, progress: StepProgress = silent) -> None:
        """Write the missing runs; the searches of a question take turns, under one load."""
        wanted = self.missing(family)
        reranks = [r for r in Rerank if any(r in wish.searches for wish in wanted)]
        for asked in self.asked[:WARM_UP_QUESTIONS]:
            self._search(asked, family, reranks)
        milliseconds: dict[Rerank, list[float]] = {rerank: [] for rerank in reranks}
        with ExitStack() as stack:
            files = {w: stack.enter_context(writing(self.workspace.run(w.name))) for w in wanted}
            for done, asked in enumerate(self.asked, 1):
                searched = self._search(asked, family, reranks)
                for wish, file in files.items():
                    write_ranking(file, asked.question.id, self._rank(wish, searched), wish.name)
                for rerank, spent in searched.milliseconds.items():
                    milliseconds[rerank].append(spent)
                progress("search", done, len(self.asked))
        for wish in wanted:
            self._finish(wish, milliseconds)

    def _search(self, asked: Asked, family: Family, reranks: Sequence[Rerank]) -> Searched:
        hits, milliseconds = {}, {}
        for rerank in reranks:
            query = build_query(
                asked.question.text,
                asked.encoding,
                search_settings(self.options, family, rerank),
                None,
            )
            started = perf_counter()
            hits[rerank] = self.store.search(self.collection, query)
            milliseconds[rerank] = 1e3 * (perf_counter() - started)
        return Searched(hits, milliseconds)

    def _rank(self, configuration: Configuration, searched: Searched) -> Ranking:
        if configuration.ordering is Ordering.TENSOR_FUSE:
            return fused_ranking(list(searched.hits.values()), self.options.rank_constant)
        (rerank,) = configuration.searches
        return document_ranking(searched.hits[rerank])

    def _finish(
        self, configuration: Configuration, by_rerank: Mapping[Rerank, list[float]]
    ) -> None:
        (*others, rerank) = configuration.searches
        write_json(
            self.workspace.record(configuration.name),
            {
                "measured": datetime.now(UTC).isoformat(timespec="seconds"),
                # What is made outside the engine from two searches says nothing of latency.
                "milliseconds": None if others else by_rerank[rerank],
            },
        )


def search_settings(options: SearchSettings, family: Family, rerank: Rerank) -> SearchSettings:
    """All candidates are asked for: measures look deeper than the passages a person reads."""
    return options.model_copy(
        update={
            "legs": family.legs,
            "rerank": rerank,
            "candidates": family.candidates,
            "top_k": family.candidates,
        }
    )


def fused_ranking(rankings: Sequence[Sequence[Hit]], rank_constant: int) -> Ranking:
    """Documents by their best chunk in the reciprocal rank fusion of rankings of chunks."""
    documents = {hit.chunk.id: hit.chunk.doc_id for hits in rankings for hit in hits}
    fused = reciprocal_rank_fusion(
        [[hit.chunk.id for hit in hits] for hits in rankings], rank_constant=rank_constant
    )
    return best_chunk_ranking((documents[chunk_id], score) for chunk_id, score in fused)
