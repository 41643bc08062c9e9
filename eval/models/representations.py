"""Exact scores of every representation, without an engine: what the models alone can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.sparse import csr_matrix

from indexers.chunk import chunk_document
from rag.encoders.embed_text import embed_text
from rag.types import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from eval.data.datasets import CorpusDocument
    from rag.encoders.base import Encoder
    from rag.settings import ChunkSettings
    from rag.types import Encoding, SparseVector

    Matrix = npt.NDArray[np.float32]

SLICE = 64  # texts encoded between two signs of progress
AT_ONCE = 128  # chunks scored together


@dataclass(frozen=True)
class EncodedCorpus:
    """The chunks of a corpus; `documents[i]` is the id of the document that chunk i is from."""

    documents: tuple[str, ...]
    texts: tuple[str, ...]
    encodings: tuple[Encoding, ...]


def encode_corpus(
    documents: Sequence[CorpusDocument],
    encoder: Encoder,
    settings: ChunkSettings,
    done: Callable[[int], None],
) -> EncodedCorpus:
    """Cut and encode as indexing does; `done` hears of chunks encoded."""
    ids, texts = [], []
    for document in documents:
        whole = Document(document.id, document.text, document.title)
        for chunk in chunk_document(whole, "", encoder.count_tokens, settings):
            ids.append(document.id)
            texts.append(embed_text(chunk, encoder.count_tokens, encoder.info.max_tokens))
    encodings: list[Encoding] = []
    for start in range(0, len(texts), SLICE):
        encodings += encoder.encode_documents(texts[start : start + SLICE])
        done(min(SLICE, len(texts) - start))
    return EncodedCorpus(tuple(ids), tuple(texts), tuple(encodings))


def dense_scores(questions: Sequence[Encoding], corpus: EncodedCorpus) -> Matrix:
    """Cosines, float32 [questions, chunks]."""
    rows = np.stack([encoding.dense for encoding in corpus.encodings])
    scores: Matrix = np.stack([question.dense for question in questions]) @ rows.T
    return scores


def sparse_scores(questions: Sequence[Encoding], corpus: EncodedCorpus, width: int) -> Matrix:
    """Inner products of the term weights, float32 [questions, chunks]."""
    left = _matrix([question.sparse for question in questions], width)
    right = _matrix([encoding.sparse for encoding in corpus.encodings], width)
    scores: Matrix = np.asarray((left @ right.T).todense(), dtype=np.float32)
    return scores


def maxsim_scores(questions: Sequence[Encoding], corpus: EncodedCorpus) -> Matrix:
    """Sums of the best cosine of each question token, float32 [questions, chunks]."""
    asked = torch.from_numpy(np.concatenate([question.tokens for question in questions]))
    lengths = [len(question.tokens) for question in questions]
    scores = torch.zeros(len(questions), len(corpus.encodings))
    for start in range(0, len(corpus.encodings), AT_ONCE):
        pieces = [torch.from_numpy(e.tokens) for e in corpus.encodings[start : start + AT_ONCE]]
        similarity = asked @ torch.cat(pieces).T
        best = [part.amax(1) for part in torch.split(similarity, [len(p) for p in pieces], dim=1)]
        by_question = torch.split(torch.stack(best, dim=1), lengths)
        scores[:, start : start + len(pieces)] = torch.stack([p.sum(0) for p in by_question])
    result: Matrix = scores.numpy()
    return result


def bm25_scores(questions: Sequence[str], corpus: EncodedCorpus) -> Matrix:
    """BM25 over the chunks' words (Lù 2024, arXiv:2407.03618), float32 [questions, chunks]."""
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(corpus.texts), show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(list(questions), return_ids=False, show_progress=False)
    scores: Matrix = np.stack([index.get_scores(words) for words in tokens]).astype(np.float32)
    return scores


def _matrix(vectors: Sequence[SparseVector], width: int) -> csr_matrix:
    borders = np.cumsum([0, *(len(vector.indices) for vector in vectors)])
    indices = np.concatenate([vector.indices for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    return csr_matrix((values, indices, borders), shape=(len(vectors), width))
