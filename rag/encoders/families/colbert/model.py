"""Token vectors of ColBERT checkpoints in Stanford's layout, made by colbert-ai."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from rag.encoders.batching import map_batches
from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.colbert.checkpoint import open_checkpoint
from rag.encoders.families.forward import ForwardClock
from rag.encoders.families.token_spans import SpanTokenizer, spans
from rag.types import TokenVectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Encoding

    from rag.encoders.catalogue.model import Part
    from rag.settings import EncoderSettings
    from rag.types import IntArray

NO_CHARACTERS = (0, 0)


@dataclass(frozen=True, slots=True)
class MarkedText:
    """[CLS], the marker [Q] or [D], the text, [SEP], and what a question is filled up with.

    `ids`, `attention` and `spans` have one row a token; `count` is the length before the
    cut and without the filling.
    """

    ids: list[int]
    attention: list[int]
    spans: IntArray
    count: int

    def __len__(self) -> int:
        return len(self.ids)


class ColbertModel:
    """ColBERT (Khattab and Zaharia, 2020, arXiv:2004.12832) and v2 (Santhanam et al., 2022).

    Texts are prepared as the checkpoint's `artifact.metadata` says. A question is filled
    up to `query_maxlen` with [MASK] tokens, whose vectors take part in MaxSim; a passage
    loses its punctuation. Rows have unit length, so that the similarities "cosine" and "l2"
    order passages alike. Text is tokenized here, since colbert-ai's tokenizers give no
    characters and must not be called from two threads; the vectors are those of
    `queryFromText` and `docFromText`.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        self._checkpoint = open_checkpoint(folder)
        self._config = self._checkpoint.colbert_config
        self._tokenizer = SpanTokenizer(self._checkpoint.raw_tokenizer)
        self._passage_tokens = part.max_tokens or int(self._config.doc_maxlen)
        self._batch_tokens = settings.batch_tokens
        self._clock = ForwardClock()

    @property
    def dims(self) -> dict[Column, int]:
        """Width of a token vector."""
        return {Column.TOKENS: int(self._config.dim)}

    @property
    def window_tokens(self) -> int:
        """Tokens of a passage's own text that the model reads at once."""
        return self._passage_tokens - self._added_tokens

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        return self._clock.seconds

    def encode_passages(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Token vectors of passages, without punctuation if the checkpoint masks it."""
        marked = [self._passage(encoding) for encoding in self._tokenizer.encode(texts)]
        return map_batches(marked, self._batch_tokens, self._encode_passages)

    def encode_questions(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Token vectors of questions, each `query_maxlen` rows."""
        marked = [self._question(encoding) for encoding in self._tokenizer.encode(texts)]
        return map_batches(marked, self._batch_tokens, self._encode_questions)

    def token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        """Characters of every token of each whole text, int64 [t, 2]."""
        return [spans(encoding) for encoding in self._tokenizer.encode(texts)]

    def count(self, text: str) -> int:
        """Tokens of a whole text without special tokens."""
        return self._tokenizer.count(text)

    @property
    def _added_tokens(self) -> int:
        return self._tokenizer.special_tokens + 1  # the marker

    def _passage(self, encoding: Encoding) -> MarkedText:
        marker = self._checkpoint.doc_tokenizer.D_marker_token_id
        return self._marked(encoding, marker, self._passage_tokens)

    def _question(self, encoding: Encoding) -> MarkedText:
        tokenizer = self._checkpoint.query_tokenizer
        text = self._marked(encoding, tokenizer.Q_marker_token_id, tokenizer.query_maxlen)
        fill = tokenizer.query_maxlen - len(text)
        # colbert-ai turns every [PAD] into [MASK], one that stands in the text too.
        ids = [tokenizer.mask_token_id if i == tokenizer.pad_token_id else i for i in text.ids]
        return MarkedText(
            ids=ids + [tokenizer.mask_token_id] * fill,
            attention=text.attention + [int(self._config.attend_to_mask_tokens)] * fill,
            spans=np.concatenate([text.spans, np.zeros((fill, 2), dtype=np.int64)]),
            count=text.count,
        )

    def _marked(self, encoding: Encoding, marker: int, max_tokens: int) -> MarkedText:
        """The text with its marker after the first special token."""
        count = len(encoding.ids) + self._added_tokens
        whole = self._tokenizer.cut(encoding, max_tokens - 1)
        return MarkedText(
            ids=[whole.ids[0], marker, *whole.ids[1:]],
            attention=[1] * (len(whole.ids) + 1),
            spans=np.insert(spans(whole), 1, NO_CHARACTERS, axis=0),
            count=count,
        )

    def _encode_passages(self, texts: list[MarkedText]) -> list[ModelOutput]:
        ids, attention = self._pad(texts)
        with self._clock.forward():
            vectors = self._checkpoint.doc(ids, attention, keep_dims=False)
        kept = self._checkpoint.mask(ids, self._checkpoint.skiplist)
        return [_output(*row) for row in zip(texts, vectors, kept, strict=True)]

    def _encode_questions(self, texts: list[MarkedText]) -> list[ModelOutput]:
        ids, attention = self._pad(texts)
        with self._clock.forward():
            vectors = self._checkpoint.query(ids, attention, to_cpu=True)
        kept = [[True] * len(text) for text in texts]
        return [_output(*row) for row in zip(texts, vectors, kept, strict=True)]

    def _pad(self, texts: list[MarkedText]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and attention mask, both int64 [n, longest]."""
        ids = [torch.tensor(text.ids) for text in texts]
        attention = [torch.tensor(text.attention) for text in texts]
        padding = float(self._checkpoint.pad_token)
        return pad_sequence(ids, True, padding), pad_sequence(attention, True, 0.0)


def _output(text: MarkedText, vectors: torch.Tensor, kept: list[bool]) -> ModelOutput:
    own = np.array(kept[: len(text)])
    return ModelOutput(
        dense=None,
        sparse=None,
        tokens=TokenVectors(vectors.float().numpy(), text.spans[own]),
        token_count=text.count,
        truncated=text.count > sum(text.attention),
    )
