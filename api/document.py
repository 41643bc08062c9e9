"""Documents as they go over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from api.text import Text
from rag.types import MetadataValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Chunk

MOST_DOCUMENTS = 1000
LONGEST_ID = 1024
LONGEST_TITLE = 10_000
MOST_METADATA = 100

MetadataIn: TypeAlias = str | int | float | bool | list[str] | None


class DocumentIn(BaseModel):
    """A document to index. One that has the id of another takes its place."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: Annotated[Text, Field(min_length=1, max_length=LONGEST_ID)]
    text: Text
    title: Annotated[Text, Field(max_length=LONGEST_TITLE)] = ""
    metadata: dict[Text, MetadataIn] = Field(
        default={},
        max_length=MOST_METADATA,
        description="fields that the collection declares must be of their types",
    )


class DocumentsRequest(BaseModel):
    """Documents to index together."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "documents": [
                        {
                            "id": "with-statement",
                            "title": "The with statement",
                            "text": "The with statement wraps a block in a context manager.",
                            "metadata": {"year": 2006},
                        }
                    ]
                }
            ]
        },
    )

    documents: list[DocumentIn] = Field(min_length=1, max_length=MOST_DOCUMENTS)


class DocumentOut(BaseModel):
    """A document of a collection."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(validation_alias="doc_id")
    source: str = Field(description="what brought it: a file, an address, or a request's body")
    revision: str = Field(description="changes when its rows do")
    rows: int


class DocumentPage(BaseModel):
    """Documents by id."""

    documents: list[DocumentOut]
    next_cursor: str | None = Field(description="of the next page; null: this is the last one")


class ChunkOut(BaseModel):
    """A passage of a document, as it is searched."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    position: int = Field(description="place in the document, from 0")
    start: int = Field(description="its first character in the document")
    end: int = Field(description="the character after its last")
    text: str
    metadata: dict[str, MetadataValue]


class DocumentWithChunks(BaseModel):
    """A document, chunk by chunk."""

    id: str
    title: str
    chunks: list[ChunkOut]
    next: int | None = Field(description="the position to ask for next; null: these are the last")

    @classmethod
    def of(cls, doc_id: str, chunks: Sequence[Chunk], first: int, limit: int) -> Self:
        """From a part of the document's chunks."""
        shown = chunks[first : first + limit]
        following = first + limit
        return cls(
            id=doc_id,
            title=chunks[0].title,
            chunks=[ChunkOut.model_validate(chunk) for chunk in shown],
            next=following if following < len(chunks) else None,
        )
