"""Collections as they go over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import optional
from rag.settings import IndexSettings
from rag.store.base import CollectionSpec, FieldType
from rag.store.schema import NAME
from rag.types import ChunkContext, Layout, TensorStorage, Unit

if TYPE_CHECKING:
    from rag.encoders.base import EncoderInfo
    from rag.store.base import CollectionInfo

MOST_FIELDS = 64
LAYOUT = ("unit", "tensor_storage", "token_pooling", "context")
Name = Annotated[str, Field(pattern=f"^{NAME.pattern}$")]


class CollectionRequest(BaseModel):
    """A collection to make; nothing of it can be changed later."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "python", "fields": {"year": "integer", "topics": "tags"}}]
        },
    )

    name: Name
    fields: dict[Name, FieldType] = Field(
        default={}, max_length=MOST_FIELDS, description="metadata that can be filtered on"
    )
    unit: Unit | None = optional(IndexSettings, "unit")
    tensor_storage: TensorStorage | None = optional(IndexSettings, "tensor_storage")
    token_pooling: int | None = optional(IndexSettings, "token_pooling")
    context: ChunkContext | None = optional(IndexSettings, "context")

    def spec(self, encoder: EncoderInfo, defaults: IndexSettings) -> CollectionSpec:
        """What the store makes; the server's settings say what is not given."""
        given = IndexSettings(**{name: getattr(self, name) for name in LAYOUT})
        layout = given.over(defaults.over(Layout()))
        return CollectionSpec(self.name, encoder, self.fields, layout)


class EncoderOut(BaseModel):
    """The models that a collection was made with: only the same ones can search it."""

    preset: str
    models: list[str]


class CollectionOut(BaseModel):
    """A collection as it stands."""

    name: str
    documents: int
    rows: int
    created: str
    unit: Unit = Field(description="what a row is")
    tensor_storage: TensorStorage
    token_pooling: int = Field(description="token vectors that became one")
    context: ChunkContext = Field(description="what is encoded above each chunk")
    fields: dict[str, FieldType]
    encoder: EncoderOut

    @classmethod
    def of(cls, info: CollectionInfo) -> Self:
        """From the store's description."""
        spec = info.spec
        return cls(
            name=spec.name,
            documents=info.documents,
            rows=info.rows,
            created=info.created,
            unit=spec.layout.unit,
            tensor_storage=spec.layout.tensor_storage,
            token_pooling=spec.layout.token_pooling,
            context=spec.layout.context,
            fields=dict(spec.fields),
            encoder=EncoderOut(
                preset=spec.encoder.preset, models=[model.name for model in spec.encoder.models]
            ),
        )


class CollectionList(BaseModel):
    """Collections by name: those that the caller may see."""

    collections: list[CollectionOut]
