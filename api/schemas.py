"""What goes over the wire. Bounds and defaults are those of the settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from api.filters import FilterBody, to_typed
from api.text import Text
from rag.settings import AnswerSettings, SearchSettings, Section
from rag.types import Leg, Rerank, Scalar

if TYPE_CHECKING:
    from rag.store.filters import Filter
    from rag.types import Answer, Citation, Passage, SearchResult

LONGEST_QUESTION = 200_000
SEARCH_OPTIONS = ("top_k", "candidates", "legs", "rerank", "rank_constant")
ANSWER_OPTIONS = ("passages", "sentences")


def optional(section: type[Section], name: str) -> Any:
    """A field with the bounds and the description of a setting, which may be left out."""
    setting = section.model_fields[name]
    bounds = {key: value for bound in setting.metadata for key, value in asdict(bound).items()}
    return Field(default=None, description=setting.description, **bounds)


class SearchRequest(BaseModel):
    """A question and, where the server's defaults do not suit, how to search."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"question": "What does the with statement do?", "collection": "python"}]
        },
    )

    question: str = Field(max_length=LONGEST_QUESTION, description="in plain words")
    collection: Text | None = Field(default=None, description="the server's default when absent")
    top_k: int | None = optional(SearchSettings, "top_k")
    candidates: int | None = optional(SearchSettings, "candidates")
    legs: list[Leg] | None = optional(SearchSettings, "legs")
    rerank: Rerank | None = optional(SearchSettings, "rerank")
    rank_constant: int | None = optional(SearchSettings, "rank_constant")
    where: FilterBody | None = Field(
        default=None,
        description="a filter on the collection's fields",
        examples=[{"and": [{"field": "year", "op": "ge", "value": 2020}]}],
    )
    explain: bool = Field(default=False, description="give each passage's rank in each leg")

    def filter(self) -> Filter | None:
        """The typed filter. Raises: FilterError."""
        return to_typed(self.where) if self.where is not None else None

    def options(self, defaults: SearchSettings) -> SearchSettings:
        """The server's settings with what the request gives."""
        return SearchSettings(**{**defaults.model_dump(), **self._given(SEARCH_OPTIONS)})

    def _given(self, names: tuple[str, ...]) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}


class QueryRequest(SearchRequest):
    """A question to answer, and how to answer it."""

    passages: int | None = optional(AnswerSettings, "passages")
    sentences: int | None = optional(AnswerSettings, "sentences")

    def answer_settings(self, defaults: AnswerSettings) -> AnswerSettings:
        """The server's settings with what the request gives."""
        return AnswerSettings(**{**defaults.model_dump(), **self._given(ANSWER_OPTIONS)})


class PassageOut(BaseModel):
    """A passage, best first."""

    rank: int = Field(description="from 1")
    score: float = Field(description="MaxSim sum, or the fused score when nothing was reranked")
    relevance: float | None = Field(
        description="mean MaxSim per question token, -1 to 1; null when nothing was reranked"
    )
    leg_ranks: dict[Leg, int | None] = Field(
        description="rank in each leg, null outside its candidates; empty without `explain`"
    )
    chunk_id: str
    doc_id: str
    title: str
    text: str
    position: int = Field(description="place of the chunk in its document, from 0")
    start: int = Field(description="first character of the passage in its document")
    end: int = Field(description="the character after its last")
    metadata: dict[str, Scalar]

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """From the service's passage."""
        chunk = passage.chunk
        return cls(
            rank=passage.rank,
            score=passage.score,
            relevance=passage.relevance,
            leg_ranks=dict(passage.leg_ranks),
            chunk_id=chunk.id,
            doc_id=chunk.doc_id,
            title=chunk.title,
            text=chunk.text,
            position=chunk.position,
            start=chunk.start,
            end=chunk.end,
            metadata=dict(chunk.metadata),
        )


class SearchResponse(BaseModel):
    """Passages, what the user should know, and how long it took."""

    question: str
    collection: str
    passages: list[PassageOut]
    notices: list[str]
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """From the service's result."""
        return cls(
            question=result.question,
            collection=result.collection,
            passages=[PassageOut.of(passage) for passage in result.passages],
            notices=list(result.notices),
            timings_ms=dict(result.timings_ms),
        )


class SentenceOut(BaseModel):
    """A sentence of the answer and the numbers of its citations."""

    text: str
    citations: list[int]


class CitationOut(BaseModel):
    """What a number such as [1] in the answer stands for."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    chunk_id: str
    doc_id: str
    title: str
    start: int = Field(description="first character of the quote in its document")
    end: int = Field(description="the character after its last")
    quote: str

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """From the service's citation."""
        return cls.model_validate(citation)


class QueryResponse(BaseModel):
    """An answer whose every sentence points to its source, and the search behind it."""

    answer: str = Field(description="the sentences with their citation marks")
    sentences: list[SentenceOut] = Field(description="empty when nothing answers the question")
    citations: list[CitationOut]
    search: SearchResponse
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """From the service's answer."""
        return cls(
            answer=answer.text,
            sentences=[
                SentenceOut(text=s.text, citations=list(s.citations)) for s in answer.sentences
            ],
            citations=[CitationOut.of(citation) for citation in answer.citations],
            search=SearchResponse.of(answer.search),
            timings_ms=dict(answer.timings_ms),
        )
