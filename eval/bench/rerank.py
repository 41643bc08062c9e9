"""Late interaction against a cross-encoder of the same backbone, over the same passages.

The passages' token vectors are in the store when a question comes; a cross-encoder has to read
every passage with it. That difference is measured as a question meets it: candidates are
there, their order is wanted. The cross-encoder has random weights, on which its cost does
not depend.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.bench.random_cross_encoder import BACKBONE, save_random_cross_encoder
from eval.bench.rerank_passages import Passages, index_passages, make_passages, maxsim_query
from eval.bench.search import QUESTIONS
from eval.progress import silent
from eval.stats import Environment, Timing, environment, milliseconds_of, summarize
from rerankers.maxsim import maxsim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eval.progress import StepProgress
    from rag.encoders.base import Encoder
    from rag.encoders.cross_encoder import CrossEncoder
    from rag.settings import Settings
    from rag.store.base import Store

ENGINE, IN_PROCESS, CROSS_ENCODER = "maxsim in the engine", "maxsim in process", "cross-encoder"
NOTE = (
    f"The cross-encoder is a randomly initialised {BACKBONE}: its scores mean nothing, and its "
    "cost does not depend on them."
)


@dataclass(frozen=True, slots=True)
class RerankBench:
    """Milliseconds a question to order the candidates, and ratios of medians.

    In the engine, recalling the candidates and returning the ten best is part of the time.
    `speedup` divides the cross-encoder's median by each MaxSim's; `speedup_with_question` adds
    the encoding of the question, which both kinds of search pay for their first stage anyway.
    `passage_tokens` are the least and the most tokens of a passage.
    """

    environment: Environment
    encoder: str
    note: str
    candidates: int
    passage_tokens: tuple[int, int]
    question_tokens: float
    threads: int
    methods_ms: Mapping[str, Timing]
    encode_question_ms: Timing
    speedup: Mapping[str, float]
    speedup_with_question: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    settings: Settings,
    *,
    candidates: int = 100,
    questions: int = 20,
    repetitions: int = 20,
    progress: StepProgress = silent,
) -> RerankBench:
    """Measure in a temporary database and with a temporary cross-encoder.

    Each of `questions` is ordered once by the cross-encoder and `repetitions` times by MaxSim,
    which is over too soon to be timed once. Raises: StoreError, WeightsError, SettingsError.
    """
    from rag.encoders.cross_encoder import load_cross_encoder
    from rag.encoders.loading import load_encoder
    from rag.store.embedded import EmbeddedStore

    encoder = load_encoder(settings.encoder)
    with tempfile.TemporaryDirectory(prefix="trident-bench-") as temporary:
        folder = save_random_cross_encoder(Path(temporary) / "model", settings.encoder)
        model = load_cross_encoder(str(folder), settings.encoder)
        store = EmbeddedStore.open(Path(temporary) / "store")
        try:
            return measure(
                store,
                encoder,
                model,
                candidates=candidates,
                questions=questions,
                repetitions=repetitions,
                progress=progress,
            )
        finally:
            store.close()


def measure(
    store: Store,
    encoder: Encoder,
    model: CrossEncoder,
    *,
    candidates: int,
    questions: int,
    repetitions: int,
    progress: StepProgress = silent,
) -> RerankBench:
    """Measure in an open store; the collection stays there."""
    import torch

    passages = make_passages(encoder, candidates)
    collection = index_passages(store, encoder, passages)
    asked = [QUESTIONS[number % len(QUESTIONS)] for number in range(questions)]
    cases = [_Case(store, collection, encoder, model, passages, text) for text in asked]
    times = _time(cases, repetitions, progress)
    encoding = summarize(milliseconds_of(partial(encoder.encode_question, text)) for text in asked)
    timings = {method: summarize(values) for method, values in times.items()}
    slowest = timings[CROSS_ENCODER].p50
    return RerankBench(
        environment=environment(),
        encoder=encoder.info.identity,
        note=NOTE,
        candidates=candidates,
        passage_tokens=(min(passages.lengths), max(passages.lengths)),
        question_tokens=float(np.mean([len(case.question_tokens) for case in cases])),
        threads=torch.get_num_threads(),
        methods_ms=timings,
        encode_question_ms=encoding,
        speedup={m: slowest / timings[m].p50 for m in (ENGINE, IN_PROCESS)},
        speedup_with_question={
            m: slowest / (timings[m].p50 + encoding.p50) for m in (ENGINE, IN_PROCESS)
        },
    )


class _Case:
    """One question, with a call for each method that orders the candidates for it."""

    def __init__(
        self,
        store: Store,
        collection: str,
        encoder: Encoder,
        model: CrossEncoder,
        passages: Passages,
        text: str,
    ):
        query = maxsim_query(text, encoder.encode_question(text), len(passages.texts))
        self.question_tokens = query.encoding.tokens
        self.calls: dict[str, Callable[[], object]] = {
            ENGINE: partial(store.search, collection, query),
            IN_PROCESS: partial(maxsim, self.question_tokens, passages.tokens, passages.offsets),
            CROSS_ENCODER: partial(model.score, text, passages.texts),
        }


def _time(
    cases: Sequence[_Case], repetitions: int, progress: StepProgress
) -> dict[str, list[float]]:
    """Milliseconds by method; the methods take turns, so that they share the machine's moods."""
    for call in cases[0].calls.values():
        call()
    times: dict[str, list[float]] = {method: [] for method in cases[0].calls}
    progress("rerank", 0, len(cases))
    for done, case in enumerate(cases, 1):
        for method, call in case.calls.items():
            rounds = 1 if method == CROSS_ENCODER else repetitions
            times[method] += [milliseconds_of(call) for _ in range(rounds)]
        progress("rerank", done, len(cases))
    return times
