"""Embeddings as OpenAI's clients ask for them.

The form is that of platform.openai.com/docs/api-reference/embeddings.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Literal, Self, TypeAlias

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.text import Text
from rag.embed_texts import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.types import FloatArray

MOST_TEXTS = 2048
LONGEST_TEXT = 200_000

InputText: TypeAlias = Annotated[Text, Field(min_length=1, max_length=LONGEST_TEXT)]
InputTexts: TypeAlias = Annotated[list[InputText], Field(min_length=1, max_length=MOST_TEXTS)]
SIDES = {"query": Side.QUESTION, "passage": Side.PASSAGE}


def refuse_token_ids(raw: object) -> object:
    """The input itself. Raises: ValueError when it is token ids instead of text."""
    first = raw[0] if isinstance(raw, list) and raw else None
    if isinstance(first, int | list):
        raise ValueError(
            "Send texts, not token ids, which are another model's; in LangChain set "
            "check_embedding_ctx_length=False"
        )
    return [raw] if isinstance(raw, str) else raw


class EmbeddingRequest(BaseModel):
    """Texts to embed."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"model": "minilm", "input": ["What causes tides?"]}]},
    )

    model: Text = Field(description="the encoder's preset, as GET /v1/models lists it")
    input: Annotated[
        InputTexts,
        Field(description="a text or several"),
        BeforeValidator(refuse_token_ids, json_schema_input_type=InputText | InputTexts),
    ]
    encoding_format: Literal["float", "base64"] = Field(
        default="float", description="base64: of float32, little endian"
    )
    dimensions: int | None = Field(
        default=None, ge=1, description="the model's own or none: vectors are not shortened"
    )
    input_type: Literal["query", "passage"] = Field(
        default="passage", description="an extension: which side of a search the texts are"
    )
    user: Text | None = Field(default=None, description="taken, not used")

    @property
    def side(self) -> Side:
        """Which side of a search the texts are."""
        return SIDES[self.input_type]


class EmbeddingOut(BaseModel):
    """The vector of one text."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str = Field(description="numbers, or their base64")


class EmbeddingUsage(BaseModel):
    """Tokens of the texts, without special ones."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingResponse(BaseModel):
    """The vectors in the order of the texts; each has unit length."""

    object: Literal["list"] = "list"
    data: list[EmbeddingOut]
    model: str
    usage: EmbeddingUsage

    @classmethod
    def of(cls, body: EmbeddingRequest, vectors: FloatArray, tokens: int) -> Self:
        """From vectors [n, d]."""
        write = WRITERS[body.encoding_format]
        return cls(
            data=[EmbeddingOut(index=i, embedding=write(row)) for i, row in enumerate(vectors)],
            model=body.model,
            usage=EmbeddingUsage(prompt_tokens=tokens, total_tokens=tokens),
        )


def _base64(vector: FloatArray) -> str:
    return base64.b64encode(vector.astype(np.dtype("<f4")).tobytes()).decode()


def _floats(vector: FloatArray) -> list[float]:
    return [float(value) for value in vector]


WRITERS: Mapping[str, Callable[[FloatArray], list[float] | str]] = {
    "float": _floats,
    "base64": _base64,
}
