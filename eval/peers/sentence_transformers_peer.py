"""Plain sentence-transformers (Reimers & Gurevych 2019): its own encoder and exact search."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.util import dot_score, semantic_search

from eval.peers.base import Found, Peer
from rag.encoders.catalogue.models import MINILM
from rag.encoders.weights.find import find_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.peers.base import Setup, Way
    from eval.peers.passages import Passages
    from eval.sweep.runs import Asked
    from rag.types import FloatArray

VECTORS, ROWS = "vectors.npy", "rows.json"


class SentenceTransformersPeer(Peer):
    """all-MiniLM-L6-v2 run by sentence-transformers, its `semantic_search` over one tensor."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        weights = find_weights(MINILM, setup.settings.encoder)
        self._model = SentenceTransformer(str(weights.path), local_files_only=True, device="cpu")
        self._added: list[FloatArray] = []
        self._rows: list[list[str]] = []
        self._vectors = torch.empty(0)

    def encode_passages(self, passages: Passages) -> Passages:
        """By its own model."""
        vectors = self._encode(passages.texts)
        replaced = zip(passages.encodings, vectors, strict=True)
        return replace(passages, encodings=tuple(replace(e, dense=v) for e, v in replaced))

    def encode_question(self, asked: Asked) -> Asked:
        """By its own model."""
        vector = self._encode([asked.question.text])[0]
        return replace(asked, encoding=replace(asked.encoding, dense=vector))

    def add(self, passages: Passages) -> None:
        """Keep vectors and texts."""
        self._added += [encoding.dense for encoding in passages.encodings]
        self._rows += [
            [chunk.id, chunk.doc_id, text]
            for chunk, text in zip(passages.chunks, passages.texts, strict=True)
        ]

    def finish(self) -> None:
        """Save them."""
        np.save(self.setup.folder / VECTORS, np.stack(self._added))
        (self.setup.folder / ROWS).write_text(json.dumps(self._rows), encoding="utf-8")

    def open(self) -> None:
        """Read them into memory."""
        self._vectors = torch.from_numpy(np.load(self.setup.folder / VECTORS))
        self._rows = json.loads((self.setup.folder / ROWS).read_text(encoding="utf-8"))

    def search(self, asked: Asked, way: Way, count: int) -> list[Found]:  # noqa: ARG002 - one way
        """By cosine with every passage."""
        question = torch.from_numpy(asked.encoding.dense[None])
        hits = semantic_search(question, self._vectors, top_k=count, score_function=dot_score)[0]
        return [self._found(int(hit["corpus_id"]), float(hit["score"])) for hit in hits]

    def _found(self, number: int, score: float) -> Found:
        chunk_id, doc_id, text = self._rows[number]
        return Found(chunk_id, doc_id, text, score)

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        vectors: FloatArray = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return vectors
