"""The stages of retrieval that the search benchmark times, and their synthetic queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from eval.bench.engine_share import engine_milliseconds
from eval.progress import silent
from eval.stats import milliseconds_of, summarize
from eval.synthetic.rows import SyntheticCorpus
from rag.retrieve import build_query
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eval.progress import StepProgress
    from eval.stats import Timing
    from rag.encoders.base import EncoderInfo
    from rag.settings import SearchSettings
    from rag.store.base import HybridQuery, Store

WARM_UP_QUERIES = 3
PROFILED_QUERIES = 100
FEW, MANY = 100, 1000


@dataclass(frozen=True, slots=True)
class Stage:
    """Legs, what reorders their candidates, and how many candidates each leg gives."""

    legs: tuple[Leg, ...]
    rerank: Rerank = Rerank.NONE
    candidates: int = FEW


LEGS = (Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT)
FUSION = "fusion"
RERANK_FEW, RERANK_MANY = f"fusion+rerank@{FEW}", f"fusion+rerank@{MANY}"
JOINED = f"fusion+joined@{FEW}"  # MaxSim and the first order together: tensor+fuse
STAGES: Mapping[str, Stage] = {
    **{leg.value: Stage((leg,)) for leg in LEGS},
    FUSION: Stage(LEGS),
    RERANK_FEW: Stage(LEGS, Rerank.TENSOR),
    JOINED: Stage(LEGS, Rerank.TENSOR_FUSE),
    RERANK_MANY: Stage(LEGS, Rerank.TENSOR, MANY),
}


@dataclass(frozen=True, slots=True)
class EngineTime:
    """Milliseconds of a search that are spent in the engine's compiled code, and the rest as
    a part of the whole."""

    engine_ms: Timing
    outside_share: float


def synthetic_query(
    encoder: EncoderInfo, number: int, stage: Stage, options: SearchSettings
) -> HybridQuery:
    """Synthetic question `number` as a stage asks it."""
    text, encoding = SyntheticCorpus(encoder).question(number)
    changes = {"legs": stage.legs, "rerank": stage.rerank, "candidates": stage.candidates}
    return build_query(text, encoding, options.model_copy(update=changes), None)


def time_stages(
    store: Store,
    collection: str,
    stages: Mapping[str, Sequence[HybridQuery]],
    progress: StepProgress = silent,
) -> dict[str, Timing]:
    """The stages take turns, so that they share the machine's moods."""
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
    return {stage: summarize(milliseconds) for stage, milliseconds in times.items()}


def time_engine(store: Store, collection: str, queries: Iterable[HybridQuery]) -> EngineTime:
    """The part of the engine, and the whole search, measured in turn."""
    calls = [partial(store.search, collection, query) for query in queries][:PROFILED_QUERIES]
    pairs = [(engine_milliseconds(call), milliseconds_of(call)) for call in calls]
    engine = summarize(inside for inside, _ in pairs)
    whole = summarize(total for _, total in pairs)
    return EngineTime(engine, max(0.0, 1 - engine.p50 / whole.p50))
