"""What a language model reads around the passages, and what it may cite of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.generate.base import AnswerTask
from rag.generate.chat import ChatGenerator
from rag.generate.neighbours import neighbours_of
from rag.service import Rag
from rag.settings import AnswerSettings, GeneratorSettings, Settings
from rag.store.base import CollectionSpec
from rag.types import SECTION, Chunk, DocumentRows, Passage, Row, SearchResult
from tests.rag.generate.scripted import ScriptedModel

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.generate.base import Draft
    from rag.store.base import Store

SENTENCES = (
    "The hive has one queen.",
    "Bees dance to tell the hive where flowers are.",
    "The dance gives direction and distance.",
    "Drones do not work.",
)
SECTIONS = ("Queens", "Dances", "Dances", "Dances")
TEXT = " ".join(SENTENCES)
QUESTION = "Why do bees dance?"


@pytest.fixture
def chunks(store: Store, encoder: Encoder, collection_name: str) -> list[Chunk]:
    """A document of a chunk a sentence, the first in another section, in a collection."""
    starts = [TEXT.index(sentence) for sentence in SENTENCES]
    cut = [
        Chunk(f"c{i}", "d", "Bees", text, i, start, start + len(text), {SECTION: section})
        for i, (text, start, section) in enumerate(zip(SENTENCES, starts, SECTIONS, strict=True))
    ]
    encodings = encoder.encode_documents(list(SENTENCES))
    rows = tuple(Row(chunk, encoding) for chunk, encoding in zip(cut, encodings, strict=True))
    store.create_collection(CollectionSpec(collection_name, encoder.info))
    store.write(collection_name, [DocumentRows("d", "1", "d.txt", rows)])
    return cut


def found(collection: str, *chunks: Chunk) -> SearchResult:
    passages = tuple(Passage(rank, 1.0, None, chunk) for rank, chunk in enumerate(chunks, 1))
    return SearchResult(QUESTION, collection, passages, (), {})


def drafted(
    store: Store, encoder: Encoder, result: SearchResult, model: ScriptedModel, neighbours: int
) -> Draft:
    settings = AnswerSettings(neighbours=neighbours)
    around = neighbours_of(store, result, settings)
    task = AnswerTask(result, encoder.encode_question(QUESTION).tokens, settings, around)
    generator = ChatGenerator(GeneratorSettings(model="scripted", max_tokens=100), encoder, model)
    drafting = generator.draft(task)
    while True:
        try:
            next(drafting)
        except StopIteration as end:
            draft: Draft = end.value
            return draft


def test_neighbours_end_with_the_section(
    store: Store, collection_name: str, chunks: list[Chunk]
) -> None:
    around = neighbours_of(
        store, found(collection_name, chunks[1], chunks[0]), AnswerSettings(neighbours=2)
    )
    assert around == {"c1": chunks[1:4], "c0": chunks[:1]}


def test_only_passages_that_may_be_sent_get_neighbours(
    store: Store, collection_name: str, chunks: list[Chunk]
) -> None:
    settings = AnswerSettings(neighbours=1, passages=1)
    assert neighbours_of(store, found(collection_name, *chunks[1:3]), settings).keys() == {"c1"}
    assert not neighbours_of(store, found(collection_name, *chunks), AnswerSettings())


def test_a_model_reads_a_passage_and_what_is_around_it_as_one(
    store: Store, encoder: Encoder, collection_name: str, chunks: list[Chunk]
) -> None:
    model = ScriptedModel("Fine.")
    result = found(collection_name, chunks[2], chunks[1])  # which are neighbours of each other
    draft = drafted(store, encoder, result, model, 1)
    prompt = model.asked[0][0][1].content
    assert prompt.count("<passage>") == 1
    assert "\n".join(SENTENCES[1:]) in prompt
    (sent,) = draft.sent
    assert sent.end - sent.start == len(sent.text)
    assert (sent.start, sent.end) == (chunks[1].start, chunks[3].end)


def test_a_citation_of_a_neighbour_has_the_place_of_the_neighbour(
    store: Store, encoder: Encoder, collection_name: str, chunks: list[Chunk]
) -> None:
    said = "The dance gives direction and distance."
    draft = drafted(
        store, encoder, found(collection_name, chunks[1]), ScriptedModel(f"{said} [1]"), 1
    )
    (citation,) = draft.citations
    assert citation.chunk_id == "c2"
    assert TEXT[citation.start : citation.end] == citation.quote == said


def test_neighbours_are_left_out_before_any_passage_is(
    store: Store, encoder: Encoder, collection_name: str, chunks: list[Chunk]
) -> None:
    result = found(collection_name, chunks[0], chunks[2])
    whole = ScriptedModel("Fine.", context_tokens=4096)
    drafted(store, encoder, result, whole, 0)
    needed = sum(len(message.content.split()) for message in whole.asked[0][0])
    tight = ScriptedModel("Fine.", context_tokens=needed + 64 + 100)
    draft = drafted(store, encoder, result, tight, 1)
    assert [chunk.text for chunk in draft.sent] == [SENTENCES[0], SENTENCES[2]]
    assert draft.notices == ()


def test_the_service_reads_neighbours_for_language_models_alone(
    store: Store, encoder: Encoder, collection_name: str, chunks: list[Chunk]
) -> None:
    store.wait_until_searchable(collection_name, 30)
    answer = AnswerSettings(neighbours=1, passages=1)
    service = Rag(Settings(collection=collection_name, answer=answer), store, encoder)
    quoted = service.ask(QUESTION)
    assert {citation.chunk_id for citation in quoted.citations} == {"c1"}
    model = ScriptedModel("Fine.")
    service._generator = ChatGenerator(GeneratorSettings(model="scripted"), encoder, model)
    service.ask(QUESTION)
    assert "\n".join(SENTENCES[1:3]) in model.asked[0][0][1].content
