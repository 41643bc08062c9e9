"""Extractive answers quote the documents and point to the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.settings import AnswerSettings
from tests.corpus import TEXTS, chunk

if TYPE_CHECKING:
    from rag.service import Rag


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do bees tell the hive where flowers are?", "dance to tell the hive"),
        ("When did Etna erupt?", "It erupted again in 2021."),
        ("What is the idiom of destructors called?", "RAII"),
        ("When do spring tides come?", "Spring tides come at full and new moon."),
    ],
)
def test_the_answer_holds_the_sentence_that_answers(
    rag: Rag, corpus: str, question: str, expected: str
) -> None:
    assert expected in rag.ask(question, collection=corpus).text


def test_footnote_marks_of_the_source_do_not_pass_for_citations(
    rag: Rag, collection_name: str
) -> None:
    from rag.store.base import CollectionSpec
    from rag.types import Chunk, DocumentRows, Row

    text = "Alpacas live high in the Andes of Peru. [7]"
    rag.store.create_collection(CollectionSpec(collection_name, rag.encoder.info))
    row = Row(Chunk("1", "1", "", text, 0, 0, len(text)), rag.encoder.encode_documents([text])[0])
    rag.store.write(collection_name, [DocumentRows("1", "1", "", (row,))])
    answer = rag.ask("Where do alpacas live?", collection=collection_name)
    assert answer.text == "Alpacas live high in the Andes of Peru. [1]"


def test_every_citation_quotes_its_document_at_its_offsets(rag: Rag, corpus: str) -> None:
    answer = rag.ask("How does sourdough bread rise?", collection=corpus)
    assert answer.citations
    for citation in answer.citations:
        start = citation.start - chunk(citation.doc_id).start
        end = citation.end - chunk(citation.doc_id).start
        assert TEXTS[citation.doc_id][start:end] == citation.quote


def test_every_sentence_carries_a_citation_that_exists(rag: Rag, corpus: str) -> None:
    answer = rag.ask("What may the king not do in chess?", collection=corpus)
    numbers = {citation.number for citation in answer.citations}
    for sentence in answer.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= numbers
        assert all(f"[{number}]" in answer.text for number in sentence.citations)


def test_an_answer_keeps_to_its_limit(rag: Rag, corpus: str) -> None:
    settings = AnswerSettings(sentences=1)
    answer = rag.ask("honey bees dance", collection=corpus, answer=settings)
    assert len(answer.sentences) == 1


def test_where_nothing_is_found_the_answer_says_so(rag: Rag, corpus: str) -> None:
    from rag.store.filters import In

    answer = rag.ask("honey bees dance", collection=corpus, where=In("doc_id", ("none",)))
    assert answer.sentences == ()
    assert "Nothing" in answer.text


def test_a_question_without_words_gets_no_invented_answer(rag: Rag, corpus: str) -> None:
    answer = rag.ask("?!", collection=corpus)
    assert answer.sentences == ()
