"""Make the TREC run of each configuration, once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from eval.files import write_json, writing
from eval.progress import silent
from eval.trec import document_ranking, write_ranking
from rag.retrieve import build_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.configurations import Configuration, Family
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
        for asked in self.asked[:WARM_UP_QUESTIONS]:
            for wish in wanted:
                self._search(asked, wish)
        milliseconds: dict[Configuration, list[float]] = {wish: [] for wish in wanted}
        with ExitStack() as stack:
            files = {w: stack.enter_context(writing(self.workspace.run(w.name))) for w in wanted}
            for done, asked in enumerate(self.asked, 1):
                for wish, file in files.items():
                    hits, spent = self._search(asked, wish)
                    write_ranking(file, asked.question.id, document_ranking(hits), wish.name)
                    milliseconds[wish].append(spent)
                progress("search", done, len(self.asked))
        for wish, spent_on_each in milliseconds.items():
            self._finish(wish, spent_on_each)

    def _search(self, asked: Asked, configuration: Configuration) -> tuple[list[Hit], float]:
        """The hits and the milliseconds that they took."""
        options = self.options.model_copy(update=configuration.changes)
        query = build_query(asked.question.text, asked.encoding, options, None)
        started = perf_counter()
        hits = self.store.search(self.collection, query)
        return hits, 1e3 * (perf_counter() - started)

    def _finish(self, configuration: Configuration, milliseconds: list[float]) -> None:
        write_json(
            self.workspace.record(configuration.name),
            {
                "measured": datetime.now(UTC).isoformat(timespec="seconds"),
                "milliseconds": milliseconds,
            },
        )
