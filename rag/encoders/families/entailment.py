"""Classifiers of pairs of texts that sentence-transformers runs, read as entailment models."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any

from sentence_transformers import CrossEncoder
from sentence_transformers.util import batch_to_device

from rag.encoders.batching import map_batches
from rag.encoders.entailment import Entailment
from rag.encoders.families.cross_encoder import OVERLAP
from rag.encoders.families.entailment_labels import Labels, labels_of
from rag.encoders.families.forward import ForwardClock
from rag.encoders.families.sentence_transformers.folder import load_saved
from rag.encoders.families.sentence_transformers.task import UNLIMITED
from rag.encoders.families.token_spans import SpanTokenizer, spans
from rag.encoders.families.tokenizer import without_surrogates
from rag.encoders.runtime.torch_backbone import pick_device
from rag.encoders.windows import RETOKENIZED, plan_windows
from rag.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.settings import EncoderSettings
    from rag.types import IntArray


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a premise beside its hypothesis, `tokens` long in all."""

    premise: str
    hypothesis: str
    tokens: int

    def __len__(self) -> int:
        return self.tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """The windows of one pair, and what is read of its hypothesis."""

    windows: tuple[Window, ...]
    hypothesis_tokens: int
    truncated: bool


class EntailmentModel:
    """The premise comes first, as HHEM, MiniCheck and models of natural language inference read.

    A premise that does not fit beside the hypothesis is read in windows, each of which alone
    may support or contradict (as SummaC: Laban et al. 2022, TACL 10). A hypothesis takes at
    most half of what is read.
    """

    def __init__(self, folder: Path, settings: EncoderSettings):
        self._model: Any = load_saved(CrossEncoder, folder, pick_device(settings.device))
        self._labels = _labels(self._model, folder)
        self._tokenizer = SpanTokenizer(self._model.tokenizer)
        self._batch_tokens = settings.batch_tokens
        self._preparing = Lock()
        self._clock = ForwardClock()
        self._added_tokens = self._preprocess([("", "")])["input_ids"].numel()
        limit = min(self._model.max_seq_length or UNLIMITED, UNLIMITED)
        self._room = limit - self._added_tokens

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        return self._clock.seconds

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Entailment]:
        """One result for each (premise, hypothesis), in order."""
        readings = [self._reading(*map(without_surrogates, pair)) for pair in pairs]
        windows = list(chain.from_iterable(reading.windows for reading in readings))
        outcomes = iter(map_batches(windows, self._batch_tokens, self._score_batch))
        return [
            self._best(reading, [next(outcomes) for _ in reading.windows]) for reading in readings
        ]

    def _reading(self, premise: str, hypothesis: str) -> Reading:
        whole, tokens = self._token_spans([premise, hypothesis])
        limit = max(1, self._room // 2)
        cut = len(tokens) > limit
        read = hypothesis[: int(tokens[limit - 1, 1])] if cut else hypothesis
        count = min(len(tokens), limit)
        beside = self._added_tokens + count
        windows = (
            Window(premise[start:end], read, beside + length)
            for start, end, length in _cut(premise, whole, max(1, self._room - count))
        )
        return Reading(tuple(windows), count, cut)

    def _best(self, reading: Reading, outcomes: Sequence[Sequence[float]]) -> Entailment:
        """The windows' best support; contradiction counts only where nothing supports."""
        supported = max(self._labels.support(outcome) for outcome in outcomes)
        contradicted = [self._labels.contradiction(outcome) for outcome in outcomes]
        known = [value for value in contradicted if value is not None]
        return Entailment(
            supported=supported,
            contradicted=min(max(known), 1 - supported) if known else None,
            windows=len(outcomes),
            hypothesis_tokens=reading.hypothesis_tokens,
            truncated=reading.truncated,
        )

    def _token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        return [spans(encoding) for encoding in self._tokenizer.encode(texts)]

    def _score_batch(self, windows: list[Window]) -> list[list[float]]:
        """The probability of each label."""
        with self._preparing:
            features = self._preprocess([(window.premise, window.hypothesis) for window in windows])
        with self._clock.forward():
            logits = self._model(batch_to_device(features, self._model.device))["scores"].double()
            one = logits.ndim == 1 or logits.shape[-1] == 1
            outcome = (
                self._model.activation_fn(logits).reshape(-1, 1) if one else logits.softmax(-1)
            )
            probabilities: list[list[float]] = outcome.tolist()
        return probabilities

    def _preprocess(self, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        features: dict[str, Any] = self._model.preprocess(pairs)
        return features


def _cut(premise: str, tokens: IntArray, room: int) -> list[tuple[int, int, int]]:
    """Start, end and tokens of each window of a premise whose tokens lie at `tokens` [t, 2]."""
    if len(tokens) <= room:
        return [(0, len(premise), len(tokens))]
    length = max(1, room - RETOKENIZED)
    windows = plan_windows(tokens, length, OVERLAP, len(premise))
    return [(window.start, window.end, min(room, length)) for window in windows]


def _labels(model: Any, folder: Path) -> Labels:
    config = model.config
    names = [str(config.id2label[i]) for i in range(model.num_labels)]
    labels = labels_of(names)
    if labels is None:
        raise WeightsError(
            f"The model in {folder} has the labels {', '.join(names)}, of which Trident does not "
            "know which one means support; choose a model for natural language inference."
        )
    return labels
