"""What goes over the wire. Bounds and defaults are those of the settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from api.explanation import ExplanationOut, explanation_out
from api.filters import FilterBody, to_typed
from api.grounding import CorrectionOut, GroundingOut
from api.text import NOT_BLANK, Text
from rag.settings import AnswerSettings, SearchSettings, Section, Weight, with_changes
from rag.types import (
    Details,
    Fusion,
    GroupBy,
    Leg,
    Message,
    MetadataValue,
    Normalization,
    Rerank,
    Role,
    ScoredBy,
)

if TYPE_CHECKING:
    from rag.store.filters import Filter
    from rag.types import Answer, Chunk, Citation, Passage, SearchResult

LONGEST_QUESTION = 200_000
LONGEST_MESSAGE = 20_000
MOST_MESSAGES = 100
SEARCH_OPTIONS = (
    "top_k",
    "candidates",
    "legs",
    "fusion",
    "rank_constant",
    "weights",
    "normalization",
    "rerank",
    "tensor_fusion",
    "tensor_weight",
    "group_by",
)
ANSWER_OPTIONS = ("passages", "neighbours", "sentences")


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

    question: str = Field(
        max_length=LONGEST_QUESTION, description="in plain words", json_schema_extra=NOT_BLANK
    )
    collection: Text | None = Field(default=None, description="the server's default when absent")
    top_k: int | None = optional(SearchSettings, "top_k")
    candidates: int | None = optional(SearchSettings, "candidates")
    legs: list[Leg] | None = optional(SearchSettings, "legs")
    rerank: Rerank | None = optional(SearchSettings, "rerank")
    tensor_fusion: Fusion | None = optional(SearchSettings, "tensor_fusion")
    tensor_weight: float | None = optional(SearchSettings, "tensor_weight")
    fusion: Fusion | None = optional(SearchSettings, "fusion")
    rank_constant: int | None = optional(SearchSettings, "rank_constant")
    weights: dict[Leg, Weight] | None = optional(SearchSettings, "weights")
    normalization: Normalization | None = optional(SearchSettings, "normalization")
    group_by: GroupBy | None = optional(SearchSettings, "group_by")
    where: FilterBody | None = Field(
        default=None,
        validation_alias=AliasChoices("filter", "where"),
        description="what must hold for a passage; `where` is another name for it",
        examples=[{"and": [{"field": "year", "op": "ge", "value": 2020}]}],
    )
    explain: bool = Field(
        default=False,
        description="say why each passage was found: legs, and which tokens matched",
    )

    def filter(self) -> Filter | None:
        """The typed filter. Raises: FilterError."""
        return to_typed(self.where) if self.where is not None else None

    def details(self) -> Details:
        """What to tell of each passage."""
        return Details.EXPLANATION if self.explain else Details.NONE

    def options(self, defaults: SearchSettings) -> SearchSettings:
        """The server's settings with what the request gives. Raises: SettingsError."""
        return with_changes(defaults, self._given(SEARCH_OPTIONS))

    def _given(self, names: tuple[str, ...]) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}


class MessageIn(BaseModel):
    """An earlier message of the conversation."""

    model_config = ConfigDict(extra="forbid")

    role: Literal[Role.USER, Role.ASSISTANT]
    content: Text = Field(max_length=LONGEST_MESSAGE)


class QueryRequest(SearchRequest):
    """A question to answer, and how to answer it."""

    passages: int | None = optional(AnswerSettings, "passages")
    neighbours: int | None = optional(AnswerSettings, "neighbours")
    sentences: int | None = optional(AnswerSettings, "sentences")
    history: list[MessageIn] = Field(
        default=[],
        max_length=MOST_MESSAGES,
        description="earlier messages, oldest first, that the question may refer to; "
        "the server reads the last of them",
        examples=[[{"role": "user", "content": "What is a context manager?"}]],
    )
    stream: bool = Field(default=False, description="answer with server-sent events")

    def messages(self) -> list[Message]:
        """The conversation as the service takes it."""
        return [Message(said.role, said.content) for said in self.history]

    def answer_settings(self, defaults: AnswerSettings) -> AnswerSettings:
        """The server's settings with what the request gives."""
        return AnswerSettings(**{**defaults.model_dump(), **self._given(ANSWER_OPTIONS)})


class InsideOut(BaseModel):
    """A further passage of a document that was found."""

    chunk_id: str
    text: str
    position: int = Field(description="place of the chunk in its document, from 0")
    start: int = Field(description="first character of the passage in its document")
    end: int = Field(description="the character after its last")

    @classmethod
    def of(cls, chunk: Chunk) -> Self:
        """From a chunk."""
        return cls(
            chunk_id=chunk.id,
            text=chunk.text,
            position=chunk.position,
            start=chunk.start,
            end=chunk.end,
        )


class PassageOut(BaseModel):
    """A passage, best first."""

    rank: int = Field(description="from 1")
    score: float = Field(
        description="what the last stage ordered by: MaxSim sum, cross-encoder or fused score"
    )
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
    metadata: dict[str, MetadataValue]
    inside: list[InsideOut] = Field(
        description="the document's next best passages, where documents are ranked"
    )
    explanation: ExplanationOut | None = Field(description="null without `explain`")

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
            inside=[InsideOut.of(other) for other in passage.inside],
            explanation=explanation_out(passage.explanation),
        )


class SearchResponse(BaseModel):
    """Passages, what the user should know, and how long it took."""

    question: str
    collection: str
    passages: list[PassageOut]
    scored_by: ScoredBy = Field(description="what the scores of the passages are")
    notices: list[str]
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """From the service's result."""
        return cls(
            question=result.question,
            collection=result.collection,
            passages=[PassageOut.of(passage) for passage in result.passages],
            scored_by=result.scored_by,
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


class UsageOut(BaseModel):
    """Tokens of the language model."""

    model_config = ConfigDict(from_attributes=True)

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = Field(description="counted from the text, since the model did not say")


class QueryResponse(BaseModel):
    """An answer whose every sentence points to its source, and the search behind it."""

    answer: str = Field(description="the sentences with their citation marks")
    sentences: list[SentenceOut] = Field(description="empty when nothing answers the question")
    citations: list[CitationOut]
    search: SearchResponse
    model: str = Field(description="who wrote the answer: extractive, or a language model")
    usage: UsageOut | None = Field(description="null where no language model was asked")
    grounding: GroundingOut | None = Field(
        description="a verdict for each sentence; null where the server's policy is off"
    )
    corrections: list[CorrectionOut] = Field(description="what the policy changed")
    notices: list[str] = Field(description="what was dropped from the prompt or the answer")
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
            model=answer.model,
            usage=UsageOut.model_validate(answer.usage) if answer.usage else None,
            grounding=GroundingOut.of(answer.grounding) if answer.grounding else None,
            corrections=[CorrectionOut.model_validate(each) for each in answer.corrections],
            notices=list(answer.notices),
            timings_ms=dict(answer.timings_ms),
        )
