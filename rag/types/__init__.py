"""The values that pass between the parts: documents in, passages and answers out.

Everything is frozen. Shapes use n (texts), d (dense width), t (document tokens),
q (question tokens) and k (token-vector width).
"""

from rag.types.answer import Answer, AnswerSentence, Citation
from rag.types.arrays import FloatArray, IntArray, MetadataValue, Scalar
from rag.types.choices import (
    Details,
    Fusion,
    GroupBy,
    Leg,
    Normalization,
    Rerank,
    ScoredBy,
    TensorStorage,
    Unit,
)
from rag.types.documents import (
    MOST_POOLING,
    Chunk,
    Document,
    DocumentRows,
    Encoding,
    Layout,
    Row,
    SparseVector,
    TokenVectors,
)
from rag.types.search import Explanation, LegScore, Passage, SearchResult, Span, TokenMatch

__all__ = [
    "MOST_POOLING",
    "Answer",
    "AnswerSentence",
    "Chunk",
    "Citation",
    "Details",
    "Document",
    "DocumentRows",
    "Encoding",
    "Explanation",
    "FloatArray",
    "Fusion",
    "GroupBy",
    "IntArray",
    "Layout",
    "Leg",
    "LegScore",
    "MetadataValue",
    "Normalization",
    "Passage",
    "Rerank",
    "Row",
    "Scalar",
    "ScoredBy",
    "SearchResult",
    "Span",
    "SparseVector",
    "TensorStorage",
    "TokenMatch",
    "TokenVectors",
    "Unit",
]
