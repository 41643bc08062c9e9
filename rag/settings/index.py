"""How documents are cut and kept."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from pydantic import Field

from rag.settings.section import Section
from rag.types import MOST_POOLING, ChunkContext, Layout, TensorStorage, Unit


class ChunkSettings(Section):
    """How documents are cut."""

    size: int = Field(default=192, ge=16, le=8192, description="most tokens in a chunk")
    overlap: int = Field(default=32, ge=0, description="tokens shared by neighbouring chunks")


class EngineChoice(StrEnum):
    """Who reads and encodes: this machine, or the workers of a Ray cluster."""

    LOCAL = "local"
    RAY = "ray"


class IndexSettings(Section):
    """Who indexes, and how a collection keeps its documents, which is fixed when it is made.

    Of the latter, what is not given is as the collection has it; a new one is as
    `rag.types.Layout` says.
    """

    engine: EngineChoice = Field(
        default=EngineChoice.LOCAL, description="who reads and encodes: local or ray"
    )
    unit: Unit | None = Field(default=None, description="what a row is: chunk or document")
    tensor_storage: TensorStorage | None = Field(
        default=None, description="of token vectors: float, float16 or bit"
    )
    token_pooling: int | None = Field(
        default=None, ge=1, le=MOST_POOLING, description="token vectors that become one"
    )

    context: ChunkContext | None = Field(
        default=None,
        description="encoded above each chunk: none, title, section or title+section",
    )

    @property
    def layout(self) -> dict[str, Any]:
        """What is given of how documents are kept."""
        return self.model_dump(exclude={"engine"}, exclude_none=True)

    def over(self, layout: Layout) -> Layout:
        """The layout with what is given here."""
        return replace(layout, **self.layout)
