"""Cross-encoders of any architecture that sentence-transformers runs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any

import torch
from sentence_transformers import CrossEncoder
from sentence_transformers.util import batch_to_device

from rag.encoders.batching import map_batches
from rag.encoders.cross_encoder import PairScores
from rag.encoders.families.forward import ForwardClock
from rag.encoders.families.sentence_transformers.folder import load_saved
from rag.encoders.families.sentence_transformers.task import UNLIMITED
from rag.encoders.families.token_spans import SpanTokenizer, spans
from rag.encoders.families.tokenizer import without_surrogates
from rag.encoders.runtime.torch_backbone import pick_device
from rag.encoders.windows import RETOKENIZED, plan_windows
from rag.errors import WeightsError
from rerankers.cross_encoder import best_windows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.settings import EncoderSettings
    from rag.types import IntArray

# What windows of a long passage share, as of passages that are encoded.
OVERLAP = 32


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a window of a passage that are read together, `tokens` long in all."""

    question: str
    passage: str
    tokens: int

    def __len__(self) -> int:
        return self.tokens


@dataclass(frozen=True, slots=True)
class CutQuestion:
    """What is read of a question, in tokens of its own, and whether that is not all."""

    text: str
    tokens: int
    truncated: bool


class CrossEncoderModel:
    """Scores pairs as `sentence_transformers.CrossEncoder.predict` does, in float64.

    In float32 the sigmoid that many models end with is 1 for all of several good passages,
    whose order would be lost. A passage that does not fit beside the question is scored in
    windows, of which the best counts. A question takes at most half of what is read.
    Batches are prepared one at a time, since tokenizers must not be called from two threads.
    """

    def __init__(self, folder: Path, settings: EncoderSettings):
        self._model: Any = load_saved(CrossEncoder, folder, pick_device(settings.device))
        _refuse_several_scores(self._model, folder)
        self._prompt = self._model.prompts.get(self._model.default_prompt_name)
        self._tokenizer = SpanTokenizer(self._model.tokenizer)
        self._batch_tokens = settings.batch_tokens
        self._preparing = Lock()
        self._clock = ForwardClock()
        self._added_tokens = self._preprocess([("", "")])["input_ids"].numel()
        self._room = _limit(self._model) - self._added_tokens

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        return self._clock.seconds

    def score(self, question: str, passages: Sequence[str]) -> PairScores:
        """Score each passage for the question; all of every passage is read."""
        cut = self._cut(without_surrogates(question))
        windows = self._windows(cut, [without_surrogates(passage) for passage in passages])
        pairs = list(chain.from_iterable(windows))
        scores = torch.tensor(map_batches(pairs, self._batch_tokens, self._score_batch))
        best = best_windows(scores.double().numpy(), [len(each) for each in windows])
        return PairScores(best, cut.tokens, cut.truncated)

    def _cut(self, question: str) -> CutQuestion:
        (tokens,) = self._token_spans([question])
        limit = max(1, self._room // 2)
        if len(tokens) <= limit:
            return CutQuestion(question, len(tokens), False)
        return CutQuestion(question[: int(tokens[limit - 1, 1])], limit, True)

    def _windows(self, question: CutQuestion, passages: list[str]) -> list[list[Pair]]:
        beside = self._added_tokens + question.tokens
        room = max(1, self._room - question.tokens)
        return [
            [
                Pair(question.text, passage[start:end], beside + tokens)
                for start, end, tokens in _cut_passage(passage, tokens_of, room)
            ]
            for passage, tokens_of in zip(passages, self._token_spans(passages), strict=True)
        ]

    def _token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        return [spans(encoding) for encoding in self._tokenizer.encode(texts)]

    def _score_batch(self, pairs: list[Pair]) -> list[float]:
        with self._preparing:
            features = self._preprocess([(pair.question, pair.passage) for pair in pairs])
        with self._clock.forward():
            logits = self._model(batch_to_device(features, self._model.device))["scores"]
            scores: list[float] = self._model.activation_fn(logits.double()).flatten().tolist()
        return scores

    def _preprocess(self, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        features: dict[str, Any] = self._model.preprocess(pairs, prompt=self._prompt)
        return features


def _cut_passage(passage: str, tokens: IntArray, room: int) -> list[tuple[int, int, int]]:
    """Start, end and tokens of each window of a passage whose tokens lie at `tokens` [t, 2]."""
    if len(tokens) <= room:
        return [(0, len(passage), len(tokens))]
    length = max(1, room - RETOKENIZED)
    windows = plan_windows(tokens, length, OVERLAP, len(passage))
    return [(window.start, window.end, min(room, length)) for window in windows]


def _limit(model: Any) -> int:
    """Tokens that the model reads of a pair, at most."""
    return min(model.max_seq_length or UNLIMITED, UNLIMITED)


def _refuse_several_scores(model: Any, folder: Path) -> None:
    if model.num_labels != 1:
        raise WeightsError(
            f"The model in {folder} gives {model.num_labels} scores a pair, not one by which "
            "passages could be ordered; choose a cross-encoder that was trained to rank."
        )
