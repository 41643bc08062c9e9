"""The LangChain classes over the real service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from rag.errors import InputError
from rag.generate.local import LocalModel
from rag.langchain import GroundingCheck, TridentReranker, TridentRetriever
from rag.settings import GeneratorSettings, SearchSettings
from rag.store.filters import Compare, Comparison
from rag.types import Grounding, Message, Role, Sampling
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from rag.service import Rag

QUESTION = "Which volcano in Europe is the most active?"


def test_the_retriever_finds_what_a_search_finds(rag: Rag, corpus: str) -> None:
    found = TridentRetriever(rag=rag, collection=corpus).invoke(QUESTION)
    searched = rag.search(QUESTION, collection=corpus).passages
    assert [document.id for document in found] == [passage.chunk.id for passage in searched]
    first = found[0]
    assert first.page_content == TEXTS["volcano"]
    assert first.metadata == {
        "length": len(TEXTS["volcano"]),
        "doc_id": "volcano",
        "chunk_id": "id-volcano",
        "title": "Volcano",
        "start": 100,
        "end": 100 + len(TEXTS["volcano"]),
        "rank": 1,
        "score": searched[0].score,
        "relevance": searched[0].relevance,
    }


def test_the_retriever_obeys_filter_and_options(rag: Rag, corpus: str) -> None:
    retriever = TridentRetriever(
        rag=rag,
        collection=corpus,
        where=Compare("length", Comparison.LT, 100),
        options=SearchSettings(top_k=2),
    )
    found = retriever.invoke(QUESTION)
    assert len(found) == 2
    assert all(len(document.page_content) < 100 for document in found)


def test_the_retriever_works_asynchronously(rag: Rag, corpus: str) -> None:
    retriever = TridentRetriever(rag=rag, collection=corpus)
    found = asyncio.run(retriever.ainvoke(QUESTION))
    assert found == retriever.invoke(QUESTION)


def test_the_reranker_keeps_the_best_documents_of_any_retriever(rag: Rag) -> None:
    documents = [
        Document(page_content=text, metadata={"name": name}) for name, text in TEXTS.items()
    ]
    kept = TridentReranker(rag=rag, top_n=3).compress_documents(documents, QUESTION)
    assert len(kept) == 3
    assert kept[0].metadata["name"] == "volcano"
    relevances = [document.metadata["relevance"] for document in kept]
    assert relevances == sorted(relevances, reverse=True)
    assert "relevance" not in documents[1].metadata  # the caller's documents stay as they are


def test_a_chain_reads_the_retrievers_documents(rag: Rag, corpus: str) -> None:
    retriever = TridentRetriever(rag=rag, collection=corpus, options=SearchSettings(top_k=1))
    prompt = ChatPromptTemplate.from_template("Context: {context}\nQuestion: {question}")
    joined = RunnableLambda(lambda documents: "\n".join(d.page_content for d in documents))
    chain = {"context": retriever | joined, "question": RunnablePassthrough()} | prompt
    message = chain.invoke(QUESTION).to_messages()[0].content
    assert message == f"Context: {TEXTS['volcano']}\nQuestion: {QUESTION}"


class LocalChat(BaseChatModel):
    """The packaged model, as LangChain sees a chat model."""

    local: Any

    @property
    def _llm_type(self) -> str:
        return "local"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        asked = [Message(Role.USER, message.text) for message in messages]
        said = "".join(delta.text for delta in self.local.stream(asked, Sampling(0.0, 24)))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said))])


def checked_chain(rag: Rag, corpus: str, model: BaseChatModel) -> Any:
    """Question in, grounding of the model's answer out."""
    retriever = TridentRetriever(rag=rag, collection=corpus, options=SearchSettings(top_k=1))
    prompt = ChatPromptTemplate.from_template("Context: {context}\nQuestion: {question}")
    found = RunnablePassthrough.assign(context=lambda given: retriever.invoke(given["question"]))
    return found | RunnablePassthrough.assign(answer=prompt | model) | GroundingCheck(rag)


@pytest.mark.parametrize(
    ("said", "grounded"),
    [("Mount Etna is the most active volcano.", True), ("Penguins rule all of France.", False)],
)
def test_a_chain_ends_with_the_verdicts_on_its_answer(
    rag: Rag, corpus: str, said: str, grounded: bool
) -> None:
    chain = checked_chain(rag, corpus, FakeListChatModel(responses=[said, said]))
    grounding = chain.invoke({"question": QUESTION})
    assert grounding.grounded is grounded
    assert grounding.answer == said
    evidence = grounding.verdicts[0].evidence[0]
    assert (evidence.doc_id, evidence.chunk_id) == ("volcano", "id-volcano")
    assert TEXTS["volcano"][evidence.start - 100 : evidence.end - 100] == evidence.quote
    assert asyncio.run(chain.ainvoke({"question": QUESTION})).grounded is grounded


def test_a_chain_with_a_real_model_is_checked(rag: Rag, corpus: str) -> None:
    local = LocalModel(GeneratorSettings(model="local", context_tokens=1024, threads=1))
    try:
        grounding = checked_chain(rag, corpus, LocalChat(local=local)).invoke(
            {"question": QUESTION}
        )
    finally:
        local.close()
    assert isinstance(grounding, Grounding)
    for verdict in grounding.verdicts:
        claim = verdict.claim
        assert grounding.answer[claim.start : claim.end] == claim.text


@pytest.mark.parametrize("given", [{}, {"answer": "x"}, {"answer": 1, "context": "x"}])
def test_a_check_without_answer_or_context_says_what_it_needs(
    rag: Rag, given: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="GroundingCheck needs"):
        GroundingCheck(rag).invoke(given)
