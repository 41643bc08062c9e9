"""Make the TREC run of each configuration, once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from eval.data.trec import document_ranking, write_ranking
from eval.files import write_json, writing
from eval.progress import silent
from rag.retrieve import build_query
from rag.store.base import TensorIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.data.datasets import Question
    from eval.progress import StepProgress
    from eval.sweep.plan import Family, PlannedRun
    from eval.sweep.workspace import Workspace
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
    asked: Sequence[Asked]
    options: SearchSettings
    workspace: Workspace

    def missing(self, family: Family) -> list[PlannedRun]:
        """Those without a finished run."""
        return [run for run in family.runs if not self.workspace.record(run.name).exists()]

    def run(self, family: Family, progress: StepProgress = silent) -> None:
        """Write the missing runs; the searches of a question take turns, under one load.

        Raises: InputError when the family searches by an index that cannot be built.
        """
        wanted = self.missing(family)
        provide_tensor_index(self.store, family)
        for asked in self.asked[:WARM_UP_QUESTIONS]:
            for run in wanted:
                self._search(asked, run)
        milliseconds: dict[PlannedRun, list[float]] = {run: [] for run in wanted}
        with ExitStack() as stack:
            files = {r: stack.enter_context(writing(self.workspace.run(r.name))) for r in wanted}
            for done, asked in enumerate(self.asked, 1):
                for run, file in files.items():
                    hits, spent = self._search(asked, run)
                    write_ranking(file, asked.question.id, document_ranking(hits), run.name)
                    milliseconds[run].append(spent)
                progress("search", done, len(self.asked))
        for run, spent_on_each in milliseconds.items():
            self._finish(run, spent_on_each)

    def _search(self, asked: Asked, run: PlannedRun) -> tuple[list[Hit], float]:
        """The hits and the milliseconds that they took."""
        options = self.options.model_copy(update=run.configuration.changes)
        query = build_query(asked.question.text, asked.encoding, options, None)
        started = perf_counter()
        hits = self.store.search(run.collection.stored, query)
        return hits, 1e3 * (perf_counter() - started)

    def _finish(self, run: PlannedRun, milliseconds: list[float]) -> None:
        write_json(
            self.workspace.record(run.name),
            {
                "measured": datetime.now(UTC).isoformat(timespec="seconds"),
                "milliseconds": milliseconds,
            },
        )


def provide_tensor_index(store: Store, family: Family) -> None:
    """An index over the token vectors for a family that wants one, and for no other.

    The engine uses an index for every search of the tensor leg as soon as there is one, and
    a run that was killed may have left it. Raises: InputError when it cannot be built.
    """
    collection = family.collection.stored
    state = store.tensor_index(collection)
    if family.indexed and state is not TensorIndex.READY:
        store.build_tensor_index(collection)
    if not family.indexed and state is not TensorIndex.NONE:
        store.drop_tensor_index(collection)
