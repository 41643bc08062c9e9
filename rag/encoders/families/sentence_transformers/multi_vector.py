"""Token vectors of PyLate folders and of sentence-transformers' `MultiVectorEncoder`."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sentence_transformers import MultiVectorEncoder
from sentence_transformers.util import batch_to_device

from rag.encoders.batching import map_batches
from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.forward import ForwardClock, quiet_transformers
from rag.encoders.families.sentence_transformers.multi_vector_layout import check_layout
from rag.encoders.families.token_spans import SpanTokenizer, spans
from rag.encoders.families.tokenizer import without_surrogates
from rag.errors import WeightsError
from rag.types import TokenVectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from tokenizers import Encoding

    from rag.encoders.catalogue.model import Part
    from rag.settings import EncoderSettings
    from rag.types import IntArray


@dataclass(frozen=True, slots=True)
class Task:
    """How texts of one kind are read: the text put before each, and the most tokens read."""

    name: str
    prompt: str
    max_tokens: int


@dataclass(frozen=True, slots=True)
class PromptedText:
    """A text, all its tokens with the prompt before it, and the number that the model reads."""

    text: str
    encoding: Encoding
    read: int

    def __len__(self) -> int:
        return self.read


@dataclass(frozen=True, slots=True)
class PromptedRows:
    """A padded row after the forward pass: vectors [t, k], which are of the text, which score."""

    vectors: torch.Tensor
    real: npt.NDArray[np.bool_]
    scoring: npt.NDArray[np.bool_]


class MultiVectorModel:
    """Late interaction as the model's own files say: prompts, lengths, expansion, skiplist.

    Texts are prepared and encoded by sentence-transformers. Its tokenizer must not be called
    from two threads, so that batches are prepared one at a time; forward passes are not.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        self._model = _load(folder)
        self._tokenizer = SpanTokenizer(self._model.tokenizer)
        self._passages = _passage_task(self._model, part.max_tokens)
        self._questions = _question_task(self._model)
        self._batch_tokens = settings.batch_tokens
        self._preparing = Lock()
        self._clock = ForwardClock()

    @property
    def dims(self) -> dict[Column, int]:
        """Width of a token vector."""
        return {Column.TOKENS: int(self._model.get_embedding_dimension())}

    @property
    def window_tokens(self) -> int:
        """Tokens of a passage's own text that the model reads at once."""
        (prompt,) = self._tokenizer.encode([self._passages.prompt])
        return self._passages.max_tokens - self._tokenizer.special_tokens - len(prompt.ids)

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        return self._clock.seconds

    def encode_passages(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Token vectors of passages, without the tokens on the model's skiplist."""
        return self._encode(texts, self._passages)

    def encode_questions(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Token vectors of questions, with their expansion if the model has one."""
        return self._encode(texts, self._questions)

    def token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        """Characters of every token of each whole text, int64 [t, 2]."""
        return [spans(encoding) for encoding in self._tokenizer.encode(texts)]

    def count(self, text: str) -> int:
        """Tokens of a whole text without special tokens."""
        return self._tokenizer.count(text)

    def _encode(self, texts: Sequence[str], task: Task) -> list[ModelOutput]:
        encodings = self._tokenizer.encode([task.prompt + text for text in texts])
        special = self._tokenizer.special_tokens
        prompted = [
            PromptedText(text, encoding, min(len(encoding.ids) + special, task.max_tokens))
            for text, encoding in zip(texts, encodings, strict=True)
        ]
        encode_batch = partial(self._encode_batch, task=task)
        return map_batches(prompted, self._batch_tokens, encode_batch)

    def _encode_batch(self, texts: list[PromptedText], task: Task) -> list[ModelOutput]:
        sound = [without_surrogates(text.text) for text in texts]
        with self._preparing:
            features = self._model.preprocess(sound, prompt=task.prompt, task=task.name)
        real = _real_tokens(features)
        with self._clock.forward():
            encoded = self._model(batch_to_device(features, self._model.device), task=task.name)
        rows = map(
            PromptedRows,
            encoded["token_embeddings"].float().cpu(),
            real.numpy(),
            encoded["attention_mask"].bool().cpu().numpy(),
        )
        return [self._output(text, row, task) for text, row in zip(texts, rows, strict=True)]

    def _output(self, text: PromptedText, rows: PromptedRows, task: Task) -> ModelOutput:
        count = len(text.encoding.ids) + self._tokenizer.special_tokens
        read = int(rows.real.sum())
        covered = np.zeros((len(rows.real), 2), dtype=np.int64)
        # Characters of the prompt come out negative: they are none of the text's.
        own = spans(self._tokenizer.cut(text.encoding, read)) - len(task.prompt)
        covered[rows.real] = own.clip(min=0)
        return ModelOutput(
            dense=None,
            sparse=None,
            tokens=TokenVectors(
                rows.vectors[torch.from_numpy(rows.scoring)].numpy(), covered[rows.scoring]
            ),
            token_count=count,
            truncated=count > read,
        )


def _load(folder: Path) -> Any:
    """The model, in eval mode and float32. Raises: WeightsError."""
    check_layout(folder)
    try:
        with quiet_transformers(), _quiet_sentence_transformers():
            model = MultiVectorEncoder(str(folder.resolve()), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(f"The model in {folder} cannot be loaded: {error}.") from error
    return model.float().eval()


@contextmanager
def _quiet_sentence_transformers() -> Iterator[None]:
    """No notice that a PyLate folder is converted, which is what it is loaded for."""
    logger = logging.getLogger("sentence_transformers")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _passage_task(model: Any, max_tokens: int | None) -> Task:
    """As sentence-transformers' `encode_document`; `max_tokens` overrides the model's length."""
    transformer = model[0]
    transformer.document_length = max_tokens or transformer.document_length or model.max_seq_length
    names = (name for name in ("document", "passage", "corpus") if name in model.prompts)
    prompt = model.prompts.get(next(names, "")) or ""
    return Task("document", prompt, int(transformer.document_length))


def _question_task(model: Any) -> Task:
    """As sentence-transformers' `encode_query`: expansion of a fixed length is also a limit."""
    transformer = model[0]
    expansion = transformer.query_expansion or {}
    fixed = expansion.get("length") if expansion.get("strategy") == "fixed" else None
    limit = fixed or transformer.query_length or model.max_seq_length
    return Task("query", model.prompts.get("query") or "", int(limit))


def _real_tokens(features: dict[str, Any]) -> torch.Tensor:
    """Which positions hold tokens of the prompted text, bool [n, t]; not padding or expansion."""
    attended: torch.Tensor = features["attention_mask"].bool()
    expansion = features.get("query_expansion_positions")
    return attended if expansion is None else attended & ~expansion.bool()
