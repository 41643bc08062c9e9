"""What every encoder offers: all three representations of a text from one call."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.types import Encoding, TokenVectors


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One model in use: what it fills, where it was found, and which bytes it is.

    `role` is the columns that it fills ("dense+tokens", "sparse"). `sha256` is that of
    the weights file; `path` is where it was found.
    """

    role: str
    name: str
    sha256: str
    licence: str
    path: str


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What a collection must remember of its encoder.

    `max_tokens` counts special tokens: so much is read at once, longer passages in windows.
    `scripts` are those that all of its models read, by the names of Unicode's letters; None:
    no limit is known.
    """

    preset: str
    models: tuple[ModelInfo, ...]
    dense_dim: int
    sparse_dim: int
    token_dim: int
    max_tokens: int
    scripts: frozenset[str] | None = None

    @property
    def identity(self) -> str:
        """Columns, names and hashes: two encoders with one identity are exchangeable.

        The preset's name is no part of it: the same models may be had by another name.
        """
        return ", ".join(f"{m.role}: {m.name}@{m.sha256[:12]}" for m in self.models)

    def to_dict(self) -> dict[str, Any]:
        """Plain values of all but `scripts`, which are known of the encoder in use."""
        return {name: value for name, value in asdict(self).items() if name != "scripts"}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        models = tuple(ModelInfo(**model) for model in values["models"])
        return cls(**{**values, "models": models})


class Encoder(Protocol):
    """Texts in, dense, sparse and token vectors out. Safe to call from several threads."""

    @property
    def info(self) -> EncoderInfo:
        """Models and widths."""
        ...

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside the models' forward passes."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; results are in the order of `texts`."""
        ...

    def encode_question(self, text: str) -> Encoding:
        """Encode one question; `spans` are the characters of its token vectors."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """As `encode_question`, of several in one pass; results are in the order of `texts`."""
        ...

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors with their character spans, for alignment and highlighting."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` without special tokens, as the document encoder counts them."""
        ...
