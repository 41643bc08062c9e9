"""Passages of a known length, in a collection and as arrays, for timing their reranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.synthetic.zipf import zipf
from rag.store.base import CollectionSpec, HybridQuery
from rag.types import Chunk, DocumentRows, Leg, Rerank, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.store.base import Store
    from rag.types import Encoding, FloatArray, IntArray

SHORTEST, LONGEST = 128, 192  # tokens of a passage
# Common English words that a WordPiece vocabulary has whole: so many words, so many tokens.
COMMON_WORDS = (
    "the of and to in is was for that on as with by at from it an were are which this be or "
    "had first his not also after they new its who one two their her time when world years "
    "people state city school house river music water book family law science history party "
    "game war team country language system power company life number church part group line"
)
WORDS = COMMON_WORDS.split()


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts, their encodings, and the same token vectors one after another."""

    texts: Sequence[str]
    encodings: Sequence[Encoding]
    tokens: FloatArray
    offsets: IntArray

    @property
    def lengths(self) -> list[int]:
        """Tokens of each, special tokens included."""
        return [encoding.token_count for encoding in self.encodings]


def make_passages(encoder: Encoder, count: int) -> Passages:
    """`count` passages of `SHORTEST` to `LONGEST` tokens, the same at every call."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(SHORTEST, LONGEST + 1, count)
    texts = [" ".join(WORDS[n] for n in zipf(rng, int(size), len(WORDS))) for size in lengths]
    encodings = encoder.encode_documents(texts)
    tokens = [encoding.tokens for encoding in encodings]
    offsets = np.concatenate([[0], np.cumsum([len(rows) for rows in tokens])])
    return Passages(texts, encodings, np.concatenate(tokens), offsets)


def index_passages(store: Store, encoder: Encoder, passages: Passages) -> str:
    """Write the passages into a collection of their own; gives its name."""
    name = f"bench_rerank_{len(passages.texts)}"
    store.create_collection(CollectionSpec(name, encoder.info))
    store.write(name, [_document(number, passages) for number in range(len(passages.texts))])
    return name


def maxsim_query(text: str, encoding: Encoding, candidates: int) -> HybridQuery:
    """All passages as candidates, ordered by MaxSim; the best ten are returned as in a search.

    The dense leg gives them, which with this `ef` misses none.
    """
    return HybridQuery(
        text=text,
        encoding=encoding,
        legs=(Leg.DENSE,),
        rank_constant=60,
        rerank=Rerank.TENSOR,
        candidates=candidates,
        top_k=min(10, candidates),
        ef=max(200, 2 * candidates),
    )


def _document(number: int, passages: Passages) -> DocumentRows:
    text = passages.texts[number]
    chunk = Chunk(
        id=str(number), doc_id=str(number), title="", text=text, position=0, start=0, end=len(text)
    )
    return DocumentRows(str(number), "1", "", (Row(chunk, passages.encodings[number]),))
