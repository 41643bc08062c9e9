"""Twenty documents, and questions that some of them answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.data.datasets import CorpusDocument
from tests.corpus import TEXTS
from tests.eval.collection import QUESTIONS, write_jsonl, write_qrels

if TYPE_CHECKING:
    from pathlib import Path

MORE = {
    "tea": "Green tea is steeped at eighty degrees, for boiling water makes it bitter.",
    "glass": "Glass is made of sand, soda and lime, melted together at great heat.",
    "owls": "Owls hunt at night. Soft feathers let them fly without a sound.",
    "salt": "Sea salt is won by letting sea water dry up in shallow basins.",
    "trains": "The first public steam railway opened between Stockton and Darlington in 1825.",
    "iron": "Iron rusts where water and oxygen reach it. Paint keeps both away.",
    "violin": "A violin has four strings, tuned in fifths, and a bow of horse hair.",
    "desert": "The Atacama is the driest desert on Earth. Some stations there never saw rain.",
    "paper": "Paper was made in China of bark and rags two thousand years ago.",
    "vaccine": "Jenner showed in 1796 that cowpox protects people from smallpox.",
    "whales": "Blue whales are the largest animals on Earth. They feed on krill.",
    "compass": "A compass needle points to the magnetic pole, which wanders from year to year.",
}
ALL = {**TEXTS, **MORE}


def documents() -> list[CorpusDocument]:
    """The corpus as `Dataset.documents` gives it."""
    return [CorpusDocument(doc_id, "", text, doc_id) for doc_id, text in ALL.items()]


def write_collection(folder: Path) -> tuple[Path, Path, Path]:
    """The corpus, the questions, and one relevant document for each."""
    corpus = [{"_id": doc_id, "text": text} for doc_id, text in ALL.items()]
    queries = [{"_id": query_id, "text": text} for query_id, (text, _) in QUESTIONS.items()]
    qrels = [(query_id, doc_id, 1) for query_id, (_, doc_id) in QUESTIONS.items()]
    return (
        write_jsonl(folder / "corpus.jsonl", corpus),
        write_jsonl(folder / "queries.jsonl", queries),
        write_qrels(folder / "qrels.tsv", qrels),
    )
