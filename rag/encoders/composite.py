"""An encoder of several models, each of which fills some of the columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.encoders.columns import Column
from rag.encoders.windows import encode_in_windows, in_one_window
from rag.errors import WeightsError
from rag.types import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import EncoderInfo
    from rag.encoders.catalogue.model import Part
    from rag.encoders.columns import ColumnModel
    from rag.encoders.windows import WindowedOutput
    from rag.types import TokenVectors

# A question is cut to so many characters for each token that the model can take, before
# it is tokenized: more than any language's words need, and a huge question costs nothing.
CHARACTERS_PER_TOKEN = 64


@dataclass(frozen=True, slots=True)
class LoadedPart:
    """A part of a preset with its model."""

    part: Part
    model: ColumnModel

    def encode_questions(self, texts: Sequence[str]) -> list[WindowedOutput]:
        """Encode questions, each cut at the model's limit."""
        return [in_one_window(output) for output in self.model.encode_questions(texts)]

    def encode_passages(self, texts: Sequence[str]) -> list[WindowedOutput]:
        """Encode passages of any length."""
        return encode_in_windows(self.model, texts, self.part.overlap)


class CompositeEncoder:
    """Takes each column from its model; each model sees the text with its own tokenizer.

    Tokens are counted as the first part's model counts them.
    """

    def __init__(self, info: EncoderInfo, parts: Sequence[LoadedPart]):
        self._info = info
        self._parts = tuple(parts)
        self._place = {c: i for i, loaded in enumerate(self._parts) for c in loaded.part.columns}

    @property
    def info(self) -> EncoderInfo:
        """Models and widths."""
        return self._info

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside all models' forward passes."""
        return sum(part.model.forward_seconds for part in self._parts)

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages of any length; results are in the order of `texts`."""
        encoded = [loaded.encode_passages(texts) for loaded in self._parts]
        return [self._merged(outputs) for outputs in zip(*encoded, strict=True)]

    def encode_question(self, text: str) -> Encoding:
        """Encode one question. Of a huge one, `token_count` counts only the part looked at."""
        return self.encode_questions([text])[0]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions together; results are in the order of `texts`."""
        looked_at = [self._looked_at(text) for text in texts]
        encoded = [loaded.encode_questions(looked_at) for loaded in self._parts]
        return [
            self._question(outputs, cut=len(part) < len(text))
            for *outputs, part, text in zip(*encoded, looked_at, texts, strict=True)
        ]

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors of passages with their character spans."""
        encoded = self._parts[self._place[Column.TOKENS]].encode_passages(texts)
        return [tokens for each in encoded if (tokens := each.output.tokens) is not None]

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` without special tokens."""
        return self._parts[0].model.count(text)

    def _looked_at(self, question: str) -> str:
        return question[: CHARACTERS_PER_TOKEN * self._info.max_tokens]

    def _question(self, outputs: Sequence[WindowedOutput], *, cut: bool) -> Encoding:
        encoding = self._merged(outputs)
        truncated = encoding.truncated or cut
        return replace(encoding, truncated=truncated, spans=self._tokens(outputs).spans)

    def _merged(self, outputs: Sequence[WindowedOutput]) -> Encoding:
        """One text's columns, each from the output of the part that fills it."""
        dense = outputs[self._place[Column.DENSE]].output.dense
        sparse = outputs[self._place[Column.SPARSE]].output.sparse
        if dense is None or sparse is None:
            raise self._empty_column()
        return Encoding(
            dense=dense,
            sparse=sparse,
            tokens=self._tokens(outputs).vectors,
            token_count=outputs[0].output.token_count,
            truncated=any(each.output.truncated for each in outputs),
            windows=outputs[self._place[Column.TOKENS]].rows,
        )

    def _tokens(self, outputs: Sequence[WindowedOutput]) -> TokenVectors:
        tokens = outputs[self._place[Column.TOKENS]].output.tokens
        if tokens is None:
            raise self._empty_column()
        return tokens

    def _empty_column(self) -> WeightsError:
        return WeightsError(f"A model of {self._info.identity} leaves one of its columns empty.")
