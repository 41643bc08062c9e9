"""Trident in LangChain: a retriever, a reranker and a check of answers.

    >>> from rag.langchain import TridentReranker, TridentRetriever
    >>> retriever = TridentRetriever(rag=Rag.open(load_settings()), collection="docs")
    >>> chain = {"context": retriever, "question": RunnablePassthrough()} | prompt | model

Only langchain-core is needed. All are safe to call from several threads; their asynchronous
methods run them on the event loop's thread pool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun, Callbacks
from langchain_core.documents import BaseDocumentCompressor, Document
from langchain_core.messages import BaseMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict, Field

from rag.errors import InputError
from rag.service import Rag
from rag.settings import SearchSettings
from rag.store.filters import Filter
from rag.types import Chunk, Grounding, Passage


class TridentRetriever(BaseRetriever):
    """Passages of a collection as LangChain documents, best first.

    `id` is the chunk's. `metadata` holds the document's own fields and, over those, `doc_id`,
    `chunk_id`, `title`, `start` and `end` (characters in the document), `rank`, `score` and
    `relevance` (mean MaxSim per question token, None where nothing was reranked by it).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    rag: Rag
    collection: str | None = None
    where: Filter | None = None
    options: SearchSettings | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the base class fixes the name
    ) -> list[Document]:
        result = self.rag.search(
            query, collection=self.collection, where=self.where, options=self.options
        )
        return [as_document(passage) for passage in result.passages]


class TridentReranker(BaseDocumentCompressor):
    """Documents of any retriever, ordered by MaxSim; the `top_n` best are kept.

    `metadata["relevance"]` becomes the mean MaxSim per question token, in [-1, 1].
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    rag: Rag
    top_n: int = Field(default=10, ge=1)

    def compress_documents(
        self,
        documents: Sequence[Document],
        query: str,
        callbacks: Callbacks | None = None,  # noqa: ARG002 - the base class fixes the name
    ) -> list[Document]:
        """The best documents for the query, best first. Raises: EmptyQuestionError."""
        ranked = self.rag.rerank(query, [document.page_content for document in documents])
        return [
            _with_metadata(documents[text.index], relevance=text.relevance)
            for text in ranked[: self.top_n]
        ]


class GroundingCheck(Runnable[Mapping[str, Any], Grounding]):
    """A verdict for each claim of an answer, as the last step of a chain.

    The input is `{"answer", "context", "question"?}`: a text (or a message with one), and what it
    was made from, as one text or as documents in the order in which the model saw them.
    """

    def __init__(self, rag: Rag):
        self.rag = rag

    def invoke(
        self,
        input: Mapping[str, Any],  # noqa: A002 - the base class fixes the name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Grounding:
        """Check one answer. Raises: InputError for another input; as `Rag.ground`."""
        return self._call_with_config(self._check, input, config, **kwargs)

    def _check(self, given: Mapping[str, Any]) -> Grounding:
        answer = _text_of(given.get("answer"))
        context = given.get("context")
        if answer is None or not isinstance(context, (str, list, tuple)):
            raise InputError(
                'GroundingCheck needs {"answer": text, "context": text or documents}; check what '
                "the steps before it give."
            )
        passages = context if isinstance(context, str) else [_passage_of(each) for each in context]
        return self.rag.ground(answer, passages, question=str(given.get("question") or ""))


def _text_of(answer: object) -> str | None:
    """The text of an answer or of a model's message; None for something else."""
    text = answer.text if isinstance(answer, BaseMessage) else answer
    return str(text) if isinstance(text, str) else None


def _passage_of(document: Document | str) -> str | Chunk:
    """A document with its place, where a TridentRetriever found it."""
    if isinstance(document, str):
        return document
    text, known = document.page_content, document.metadata
    chunk_id = str(known.get("chunk_id") or document.id or "")
    doc_id, start = str(known.get("doc_id") or chunk_id), int(known.get("start") or 0)
    title = str(known.get("title") or "")
    return Chunk(chunk_id, doc_id, title, text, position=0, start=start, end=start + len(text))


def as_document(passage: Passage) -> Document:
    """A passage as LangChain has it."""
    chunk = passage.chunk
    return Document(
        id=chunk.id,
        page_content=chunk.text,
        metadata={
            **chunk.metadata,
            "doc_id": chunk.doc_id,
            "chunk_id": chunk.id,
            "title": chunk.title,
            "start": chunk.start,
            "end": chunk.end,
            "rank": passage.rank,
            "score": passage.score,
            "relevance": passage.relevance,
        },
    )


def _with_metadata(document: Document, **values: Any) -> Document:
    return document.model_copy(update={"metadata": {**document.metadata, **values}})
