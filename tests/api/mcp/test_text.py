"""Results are readable."""

from __future__ import annotations

from api.mcp import text

PLACE = {"doc_id": "etna.md", "start": 3, "end": 9}


def test_a_passage_says_where_it_is_from() -> None:
    found = {
        "passages": [{**PLACE, "rank": 1, "title": "Etna", "text": "It erupted."}],
        "notices": ["One leg found nothing."],
    }
    assert text.of_search(found) == (
        "1. Etna (etna.md [3:9])\nIt erupted.\n\nOne leg found nothing."
    )


def test_a_title_that_is_the_document_is_not_said_twice() -> None:
    passage = {**PLACE, "rank": 1, "title": "etna.md", "text": "It erupted."}
    found = {"passages": [passage], "notices": []}
    assert text.of_search(found) == "1. etna.md [3:9]\nIt erupted."


def test_that_nothing_was_found_is_said() -> None:
    assert text.of_search({"passages": [], "notices": []}) == "No passages."
    assert text.of_collections({"collections": []}) == "There are no collections."
    assert text.of_documents({"documents": [], "next_cursor": None}) == "There are no documents."
    assert text.of_grounding({"verdicts": [], "notices": []}) == "There is no claim to check."


def test_an_answer_has_its_sources_and_its_verdicts() -> None:
    verdict = {
        "label": "unsupported",
        "claim": {"text": "It erupted in 1669."},
        "evidence": [{"quote": "It erupted in 2021."}],
        "unsupported": [{"text": "1669"}],
    }
    answered = {
        "answer": "It erupted in 1669 [1].",
        "citations": [{**PLACE, "number": 1, "title": "", "quote": "It erupted in 2021."}],
        "grounding": {"verdicts": [verdict], "notices": []},
        "search": {"notices": []},
        "notices": [],
    }
    assert text.of_answer(answered).splitlines() == [
        "It erupted in 1669 [1].",
        "",
        "[1] etna.md [3:9]: It erupted in 2021.",
        "",
        "unsupported: It erupted in 1669.",
        "  evidence: It erupted in 2021.",
        "  not supported: 1669",
    ]


def test_a_collection_has_its_size_and_fields() -> None:
    one = {"name": "c", "documents": 2, "rows": 5, "fields": {"year": "integer"}}
    assert text.of_collections({"collections": [one]}) == (
        "c: 2 documents in 5 rows; fields: year (integer)"
    )


def test_a_page_of_documents_says_how_to_go_on() -> None:
    listed = {"documents": [{"id": "a.md", "rows": 2}], "next_cursor": "x1"}
    assert text.of_documents(listed).splitlines() == [
        "a.md (2 rows)",
        "There are more: pass the cursor x1",
    ]
