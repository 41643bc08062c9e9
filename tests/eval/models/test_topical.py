"""A topical set asks with each document's first sentence for the rest of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eval.data.datasets import CorpusDocument
from eval.models.topical import write_topical_set

if TYPE_CHECKING:
    from pathlib import Path

LEAD = "The honey bee is the insect that most people think of first."
REST = "It lives in hives with many thousand others of its kind. " * 30


def test_the_first_sentence_is_the_question_and_not_in_the_corpus(tmp_path: Path) -> None:
    documents = [
        CorpusDocument("bees", "", f"Bees. {LEAD} {REST}", "f:1"),
        CorpusDocument("short", "", LEAD, "f:2"),
    ]
    assert write_topical_set(documents, tmp_path) == 1
    (question,) = (tmp_path / "queries.jsonl").read_text().splitlines()
    passages = [json.loads(line) for line in (tmp_path / "corpus.jsonl").open()]
    qrels = [line.split() for line in (tmp_path / "qrels.tsv").open()]
    assert json.loads(question) == {"query_id": "topic-bees", "query": LEAD}
    assert len(passages) > 1
    assert not any(LEAD in passage["text"] for passage in passages)
    assert [row[2] for row in qrels] == [passage["docid"] for passage in passages]
