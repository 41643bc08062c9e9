"""Reranking as three APIs spell it: Cohere's, Jina's, and that of Text Embeddings Inference.

Cohere: docs.cohere.com/reference/rerank; Jina: jina.ai/reranker; TEI: POST /rerank of
huggingface.github.io/text-embeddings-inference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from api.schemas import LONGEST_QUESTION
from api.text import NOT_BLANK, Text

if TYPE_CHECKING:
    from rag.rerank_texts import RankedText

MOST_DOCUMENTS = 1000
LONGEST_DOCUMENT = 200_000
RELEVANCE = "mean MaxSim per question token; below 0 counts as 0. Not a probability"

Question: TypeAlias = Annotated[
    Text, Field(max_length=LONGEST_QUESTION, json_schema_extra=NOT_BLANK)
]
DocumentText: TypeAlias = Annotated[Text, Field(max_length=LONGEST_DOCUMENT)]


class TextDocument(BaseModel):
    """A document as an object."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: DocumentText


class RerankRequest(BaseModel):
    """Documents to rank for a query, in the way of Cohere and Jina."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "query": "What causes tides?",
                    "documents": ["Bread rises with yeast.", "The Moon causes the tides."],
                    "top_n": 1,
                }
            ]
        },
    )

    query: Question
    documents: list[DocumentText | TextDocument] = Field(
        min_length=1, max_length=MOST_DOCUMENTS, description="texts, or objects with a `text`"
    )
    top_n: int | None = Field(default=None, ge=1, description="all documents when absent")
    return_documents: bool = Field(default=False, description="give the texts back")
    model: Text | None = Field(
        default=None, description="taken for clients that send it: there is one model, the server's"
    )
    max_tokens_per_doc: int | None = Field(
        default=None, ge=1, description="taken, not used: documents are read whole, in windows"
    )
    priority: int | None = Field(default=None, ge=0, le=999, description="taken, not used")

    def texts(self) -> list[str]:
        """The documents' texts."""
        return [each if isinstance(each, str) else each.text for each in self.documents]

    def warnings(self, model: str) -> list[str]:
        """What was asked for and is not done."""
        other = self.model is not None and self.model != model
        return [
            *([f"The model is {model}; what the request names was not used."] if other else []),
            *(["max_tokens_per_doc was not used."] if self.max_tokens_per_doc else []),
        ]


class RerankedOut(BaseModel):
    """A document's place among those sent, and how well it fits."""

    index: int = Field(description="from 0, in the order in which the documents were sent")
    relevance_score: float = Field(ge=0, description=RELEVANCE)
    document: TextDocument | None = Field(
        default=None, description="null without `return_documents`"
    )


class ApiVersionOut(BaseModel):
    """Which of Cohere's versions the answer follows."""

    version: str = "2"


class RerankMeta(BaseModel):
    """What Cohere's clients read beside the results."""

    api_version: ApiVersionOut = ApiVersionOut()
    warnings: list[str] = Field(description="what was asked for and is not done")


class TokensOut(BaseModel):
    """Tokens that the encoder read."""

    prompt_tokens: int
    total_tokens: int


class RerankResponse(BaseModel):
    """The documents, best first."""

    id: str = Field(description="of the request")
    model: str = Field(description="the encoder's preset")
    results: list[RerankedOut]
    meta: RerankMeta
    usage: TokensOut

    @classmethod
    def of(
        cls, body: RerankRequest, ranked: list[RankedText], model: str, request_id: str, tokens: int
    ) -> Self:
        """From the service's ranking."""
        texts = body.texts()
        results = [
            RerankedOut(
                index=each.index,
                relevance_score=clamped(each.relevance),
                document=TextDocument(text=texts[each.index]) if body.return_documents else None,
            )
            for each in ranked[: body.top_n]
        ]
        meta = RerankMeta(warnings=body.warnings(model))
        usage = TokensOut(prompt_tokens=tokens, total_tokens=tokens)
        return cls(id=request_id, model=model, results=results, meta=meta, usage=usage)


class TeiRequest(BaseModel):
    """Texts to rank for a query, in the way of Text Embeddings Inference."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "query": "What causes tides?",
                    "texts": ["Bread rises with yeast.", "The Moon causes the tides."],
                    "return_text": True,
                }
            ]
        },
    )

    query: Question
    texts: list[DocumentText] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    raw_scores: bool = Field(default=False, description="scores below 0 as they are")
    return_text: bool = Field(default=False, description="give the texts back")
    truncate: bool = Field(default=False, description="taken, not used: texts are read whole")
    truncation_direction: Literal["left", "right", "Left", "Right"] = Field(
        default="right", description="taken, not used"
    )


class TeiRank(BaseModel):
    """A text's place among those sent, and how well it fits."""

    index: int = Field(description="from 0, in the order in which the texts were sent")
    score: float = Field(description=RELEVANCE + "; with `raw_scores` down to -1")
    text: str | None = Field(default=None, description="null without `return_text`")

    @classmethod
    def of(cls, body: TeiRequest, ranked: RankedText) -> Self:
        """From the service's ranking."""
        return cls(
            index=ranked.index,
            score=ranked.relevance if body.raw_scores else clamped(ranked.relevance),
            text=body.texts[ranked.index] if body.return_text else None,
        )


def clamped(relevance: float) -> float:
    """A mean MaxSim in [0, 1]; rounding can take it a little beyond."""
    return min(max(relevance, 0.0), 1.0)


def spelling(raw: Any) -> str:
    """Whose request it is, by the name that it has for the documents."""
    texts = "texts" in raw if isinstance(raw, dict) else isinstance(raw, TeiRequest)
    return "TeiRequest" if texts else "RerankRequest"


AnyRerankRequest = Annotated[
    Annotated[RerankRequest, Tag("RerankRequest")] | Annotated[TeiRequest, Tag("TeiRequest")],
    Discriminator(spelling),
]
