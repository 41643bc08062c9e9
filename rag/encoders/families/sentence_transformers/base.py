"""What models run by sentence-transformers share: prompts, token budgets, one forward pass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from sentence_transformers.util import batch_to_device

from rag.encoders.batching import map_batches
from rag.encoders.families.forward import ForwardClock
from rag.encoders.families.one_pass import Side
from rag.encoders.families.sentence_transformers.task import (
    PromptedText,
    Task,
    passage_task,
    question_task,
)
from rag.encoders.families.token_spans import SpanTokenizer
from rag.encoders.families.tokenizer import character_spans, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import torch

    from rag.encoders.columns import Column, ModelOutput
    from rag.types import IntArray


class SentenceTransformersModel(ABC):
    """A `ColumnModel` of which a subclass gives widths and turns embeddings into outputs.

    The tokenizers of transformers must not be called from two threads, so that batches are
    prepared one at a time; forward passes are not.
    """

    dims: Mapping[Column, int]

    def __init__(self, model: Any, max_tokens: int | None, batch_tokens: int):
        self.model = model
        self._tokenizer = SpanTokenizer(model.tokenizer)
        self._preparing = Lock()
        self._clock = ForwardClock()
        self._batch_tokens = batch_tokens
        self._tasks = {
            Side.QUESTION: question_task(model, max_tokens),
            Side.PASSAGE: passage_task(model, max_tokens),
        }

    @abstractmethod
    def output(self, embedding: torch.Tensor, text: PromptedText, side: Side) -> ModelOutput:
        """The output for one text from its embedding, float32 [width] on the CPU."""

    def forward_options(self, side: Side) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """What the model's forward pass is told beside the texts."""
        return {}

    def limit_batches(self, tokens: int) -> None:
        """Hold no more than so many padded tokens in one forward pass."""
        self._batch_tokens = min(self._batch_tokens, tokens)

    @property
    def window_tokens(self) -> int:
        """Tokens of a passage's own text that the model reads at once."""
        task = self._tasks[Side.PASSAGE]
        (prompt,) = self._tokenizer.encode([task.prompt])
        return task.limit - task.special - len(prompt.ids)

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        return self._clock.seconds

    def encode_passages(self, texts: Sequence[str]) -> list[ModelOutput]:
        """As sentence-transformers' `encode_document`."""
        return self._encode(texts, Side.PASSAGE)

    def encode_questions(self, texts: Sequence[str]) -> list[ModelOutput]:
        """As sentence-transformers' `encode_query`."""
        return self._encode(texts, Side.QUESTION)

    def token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        """Characters of every token of each whole text, int64 [t, 2]."""
        encodings = self._tokenizer.encode(texts)
        return [character_spans(*pair) for pair in zip(texts, encodings, strict=True)]

    def count(self, text: str) -> int:
        """Tokens of a whole text without special tokens."""
        return self._tokenizer.count(text)

    def _encode(self, texts: Sequence[str], side: Side) -> list[ModelOutput]:
        prompted = self._prompted(texts, self._tasks[side])
        return map_batches(prompted, self._batch_tokens, partial(self._encode_batch, side=side))

    def _prompted(self, texts: Sequence[str], task: Task) -> list[PromptedText]:
        encodings = self._tokenizer.encode([task.prompt + text for text in texts])
        counts = [len(encoding.ids) + task.special for encoding in encodings]
        return [
            PromptedText(without_surrogates(text), count, min(count, task.limit))
            for text, count in zip(texts, counts, strict=True)
        ]

    def _encode_batch(self, texts: list[PromptedText], side: Side) -> list[ModelOutput]:
        embeddings = self.embed([text.text for text in texts], side)
        return [self.output(*pair, side) for pair in zip(embeddings, texts, strict=True)]

    def embed(self, texts: list[str], side: Side) -> torch.Tensor:
        """Embeddings of one batch, float32 [n, width] on the CPU."""
        task = self._tasks[side]
        with self._preparing:
            features = self.model.preprocess(texts, prompt=task.prompt, task=task.name)
        with self._clock.forward():
            features = batch_to_device(features, self.model.device)
            features = self.model(features, task=task.name, **self.forward_options(side))
            embeddings: torch.Tensor = features["sentence_embedding"].float().cpu()
        return embeddings
