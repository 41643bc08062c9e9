"""A topical test collection out of any corpus: what else is there on this subject?

Each document's first whole sentence, taken out of it, becomes a question; the rest, in
passages of some hundred words, becomes the corpus, and all passages of the document are
relevant. Unlike questions with one short answer, such sets show whether late interaction
keeps what dense vectors know of a topic.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexers.training.pseudo import whole_sentences
from rag.ground.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from eval.data.datasets import CorpusDocument
    from rag.ground.sentences import Sentence

FEWEST_WORDS = 8


def write_topical_set(documents: Iterable[CorpusDocument], out: Path) -> int:
    """Write corpus.jsonl, queries.jsonl and qrels.tsv into `out`; gives the questions' number.

    Documents that are too short to have a question and two passages are left out.
    """
    out.mkdir(parents=True, exist_ok=True)
    made = 0
    with (
        (out / "corpus.jsonl").open("w", encoding="utf-8") as corpus,
        (out / "queries.jsonl").open("w", encoding="utf-8") as queries,
        (out / "qrels.tsv").open("w", encoding="utf-8") as qrels,
    ):
        for document in documents:
            question, passages = _cut(split_sentences(document.text))
            if not question or len(passages) < 2:
                continue
            made += 1
            queries.write(_line(query_id=f"topic-{document.id}", query=question))
            for number, passage in enumerate(passages):
                name = f"{document.id}-{number}"
                corpus.write(_line(docid=name, title="", text=passage))
                qrels.write(f"topic-{document.id}\t0\t{name}\t1\n")
    return made


def _cut(sentences: Sequence[Sentence]) -> tuple[str, list[str]]:
    long_enough = (i for i, s in enumerate(sentences) if len(s.text.split()) >= FEWEST_WORDS)
    first = next(long_enough, None)
    if first is None:
        return "", []
    rest = [s.text for i, s in enumerate(sentences) if i != first]
    return " ".join(sentences[first].text.split()), list(whole_sentences(rest))


def _line(**fields: str) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"
