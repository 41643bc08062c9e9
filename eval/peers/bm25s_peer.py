"""bm25s (Lù 2024, arXiv:2407.03618): BM25 scores computed ahead, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bm25s
import Stemmer

from eval.peers.base import Found, Peer

if TYPE_CHECKING:
    from eval.peers.base import Setup, Way
    from eval.peers.passages import Passages
    from eval.sweep.runs import Asked


class Bm25sPeer(Peer):
    """Stop words left out and English stems, as its quickstart has it."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25()
        self._corpus: list[dict[str, str]] = []

    def add(self, passages: Passages) -> None:
        """Keep the texts until all are there: word weights depend on all of them."""
        self._corpus += [
            {"id": chunk.id, "doc_id": chunk.doc_id, "text": text}
            for chunk, text in zip(passages.chunks, passages.texts, strict=True)
        ]

    def finish(self) -> None:
        """Index and save."""
        tokens = self._tokens([row["text"] for row in self._corpus])
        self._index.index(tokens, show_progress=False)
        self._index.save(self.setup.folder, corpus=self._corpus, show_progress=False)

    def open(self) -> None:
        """Read index and texts into memory."""
        self._index = bm25s.BM25.load(self.setup.folder, load_corpus=True, show_progress=False)

    def search(self, asked: Asked, way: Way, count: int) -> list[Found]:  # noqa: ARG002 - one way
        """By the words of the question; passages that have none of them are not found."""
        tokens = self._tokens([asked.question.text])
        most = min(count, len(self._index.corpus))
        rows, scores = self._index.retrieve(tokens, k=most, show_progress=False)
        return [
            Found(row["id"], row["doc_id"], row["text"], float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if score > 0
        ]

    def _tokens(self, texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)
