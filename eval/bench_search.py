"""Latency of retrieval on a synthetic collection, stage by stage, through `Store.search`."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.engine_share import engine_milliseconds
from eval.progress import silent
from eval.stats import Environment, Timing, environment, milliseconds_of, summarize
from eval.synthetic import SyntheticCorpus
from eval.synthetic_collection import provide
from rag.store.base import HybridQuery
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.progress import StepProgress
    from rag.encoders.base import Encoder, EncoderInfo
    from rag.settings import SearchSettings, Settings
    from rag.store.base import Store

QUESTIONS = (
    "What does the with statement do?",
    "How are default parameter values evaluated?",
    "When is __del__ called, and what may it not rely on?",
    "Which exceptions does a generator raise when it is closed?",
    "What is the difference between is and ==?",
    "How does Python look up a name in a nested function?",
    "Can a class attribute be shadowed by an instance attribute?",
    "What is the order of evaluation of the operands in an assignment?",
    "Why must keyword arguments follow positional ones?",
    "How do I format a number with a thousands separator?",
)
ALL_LEGS = tuple(Leg)
FUSION, RERANK = "fusion", "fusion+rerank"
STAGES: dict[str, tuple[tuple[Leg, ...], Rerank]] = {
    **{leg.value: ((leg,), Rerank.NONE) for leg in Leg},
    FUSION: (ALL_LEGS, Rerank.NONE),
    RERANK: (ALL_LEGS, Rerank.TENSOR),
}
WARM_UP_QUERIES = 3
PROFILED_QUERIES = 100


@dataclass(frozen=True, slots=True)
class SearchBench:
    """Milliseconds of each stage and of encoding a real question.

    `ratio_to_fusion` divides the medians by that of the fusion without rerank.
    `engine_ms` is the part of a reranked search that is spent in the engine's compiled
    code, `outside_engine_share` the rest as a part of the whole. `rows_per_second` is None
    when the collection was there already.
    """

    environment: Environment
    encoder: str
    rows: int
    rows_per_second: float | None
    candidates: int
    top_k: int
    stages_ms: Mapping[str, Timing]
    ratio_to_fusion: Mapping[str, float]
    encode_question_ms: Timing
    engine_ms: Timing
    outside_engine_share: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    settings: Settings,
    *,
    rows: int = 20_000,
    searches: int = 200,
    folder: Path | None = None,
    progress: StepProgress = silent,
) -> SearchBench:
    """Measure in a temporary database, or in `folder`, which is kept and reused.

    Raises: StoreLockedError, StoreError, WeightsError.
    """
    from rag.encoders.loading import load_encoder
    from rag.store.embedded import EmbeddedStore

    encoder = load_encoder(settings.encoder)
    with tempfile.TemporaryDirectory(prefix="trident-bench-") as temporary:
        store = EmbeddedStore.open(folder or Path(temporary))
        try:
            return measure(
                store, encoder, settings.search, rows=rows, searches=searches, progress=progress
            )
        finally:
            store.close()


def measure(
    store: Store,
    encoder: Encoder,
    options: SearchSettings,
    *,
    rows: int,
    searches: int,
    progress: StepProgress = silent,
) -> SearchBench:
    """Measure in an open store; the collection stays there."""
    collection = provide(store, encoder.info, rows, progress)
    stages = {
        stage: [synthetic_query(encoder.info, number, stage, options) for number in range(searches)]
        for stage in STAGES
    }
    times = _time_searches(store, collection.name, stages, progress)
    engine, whole = _time_engine(store, collection.name, stages[RERANK])
    timings = {stage: summarize(values) for stage, values in times.items()}
    return SearchBench(
        environment=environment(),
        encoder=encoder.info.identity,
        rows=rows,
        rows_per_second=collection.rows_per_second,
        candidates=options.candidates,
        top_k=options.top_k,
        stages_ms=timings,
        ratio_to_fusion={s: timing.p50 / timings[FUSION].p50 for s, timing in timings.items()},
        encode_question_ms=_time_encoding(encoder, searches, progress),
        engine_ms=engine,
        outside_engine_share=max(0.0, 1 - engine.p50 / whole.p50),
    )


def _time_searches(
    store: Store,
    collection: str,
    stages: Mapping[str, Sequence[HybridQuery]],
    progress: StepProgress,
) -> dict[str, list[float]]:
    """Milliseconds by stage; the stages take turns, so that they share the machine's moods."""
    for queries in stages.values():
        for query in queries[:WARM_UP_QUERIES]:
            store.search(collection, query)
    times: dict[str, list[float]] = {stage: [] for stage in stages}
    turns = list(zip(*stages.values(), strict=True))
    progress("search", 0, len(turns))
    for done, turn in enumerate(turns, 1):
        for stage, query in zip(stages, turn, strict=True):
            times[stage].append(milliseconds_of(partial(store.search, collection, query)))
        progress("search", done, len(turns))
    return times


def _time_engine(
    store: Store, collection: str, queries: Sequence[HybridQuery]
) -> tuple[Timing, Timing]:
    """Milliseconds in the engine, and of the whole search, measured in turn."""
    calls = [partial(store.search, collection, query) for query in queries[:PROFILED_QUERIES]]
    pairs = [(engine_milliseconds(call), milliseconds_of(call)) for call in calls]
    return summarize(engine for engine, _ in pairs), summarize(whole for _, whole in pairs)


def _time_encoding(encoder: Encoder, repetitions: int, progress: StepProgress) -> Timing:
    encoder.encode_question(QUESTIONS[0])
    times = []
    progress("encode", 0, repetitions)
    for done in range(1, repetitions + 1):
        question = QUESTIONS[done % len(QUESTIONS)]
        times.append(milliseconds_of(partial(encoder.encode_question, question)))
        progress("encode", done, repetitions)
    return summarize(times)


def synthetic_query(
    encoder: EncoderInfo, number: int, stage: str, options: SearchSettings
) -> HybridQuery:
    """Synthetic question `number` as a stage of `STAGES` asks it."""
    legs, rerank = STAGES[stage]
    text, encoding = SyntheticCorpus(encoder).question(number)
    return HybridQuery(
        text=text,
        encoding=encoding,
        legs=legs,
        rank_constant=options.rank_constant,
        rerank=rerank,
        candidates=options.candidates,
        top_k=options.top_k,
        ef=options.ef,
    )
