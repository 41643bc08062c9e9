"""Exact late-interaction scores (MaxSim) of ragged documents.

MaxSim of a question and a document is the sum, over the question's tokens, of the best
dot product with any token of the document (Khattab & Zaharia 2020, ColBERT,
arXiv:2004.12832). Nothing is padded, so negative maxima stay negative.

Shapes: q question tokens, t document tokens in all, n documents, k the width of a token
vector. Float16 is scored in float32. Threads are torch's (`torch.set_num_threads`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]
Scores: TypeAlias = npt.NDArray[np.float32]
IntArray: TypeAlias = npt.NDArray[np.int64]

# torch takes a maximum over rows at full speed only for whole blocks of this many columns.
COLUMN_BLOCK = 32


@dataclass(frozen=True, slots=True)
class TokenAlignment:
    """For each question token the document token that it matches best.

    `positions` int64 [q] are rows of the document, `scores` float32 [q] the dot products;
    the scores add up to the document's MaxSim.
    """

    positions: IntArray
    scores: Scores


def maxsim(question: FloatArray, tokens: FloatArray, offsets: Sequence[int] | IntArray) -> Scores:
    """Score documents that lie one after another in one array.

    `question` is [q, k], `tokens` [t, k]; document i is `tokens[offsets[i]:offsets[i + 1]]`,
    for any ascending `offsets` [n + 1] within [0, t]. The same call scores consecutive
    segments of one document.

    Returns: float32 [n]. A document without tokens matches nothing: -inf (0 for a question
    without tokens, whose sum is empty).
    Raises: ValueError when the shapes do not fit together.
    """
    scores: Scores = token_maxima(question, tokens, offsets).sum(axis=1)
    return scores


def token_maxima(
    question: FloatArray, tokens: FloatArray, offsets: Sequence[int] | IntArray
) -> Scores:
    """For each document and question token the best dot product, float32 [n, q]; as `maxsim`.

    A row adds up to the document's MaxSim. A document without tokens has -inf.
    """
    bounds = np.asarray(offsets, dtype=np.int64)
    _check_widths(question, tokens)
    _check_bounds(bounds, len(tokens))
    similarity = _tensor(tokens[bounds[0] : bounds[-1]]) @ _columns(question)
    return _all_maxima(similarity, np.diff(bounds))


def maxsim_documents(question: FloatArray, documents: Sequence[FloatArray]) -> Scores:
    """Score documents given as separate arrays [t_i, k]; otherwise as `maxsim`.

    Faster than concatenating them first, slower than an array that is concatenated already.
    """
    import torch

    _check_widths(question, *documents)
    lengths = np.array([len(document) for document in documents], dtype=np.int64)
    columns = _columns(question)
    similarity = torch.empty(int(lengths.sum()), len(question))
    places = similarity.split_with_sizes(lengths.tolist())
    for document, place in zip(documents, places, strict=True):
        torch.mm(_tensor(document), columns, out=place)
    return _sum_of_maxima(similarity, lengths)


def token_alignment(question: FloatArray, document: FloatArray) -> TokenAlignment:
    """Align question tokens [q, k] with the tokens [t, k] of one document.

    Raises: ValueError when the widths differ or the document has no tokens.
    """
    _check_widths(question, document)
    if len(document) == 0:
        raise ValueError("a document without tokens cannot be aligned")
    scores, positions = (_tensor(document) @ _columns(question)).max(dim=0)
    return TokenAlignment(positions.numpy(), scores.numpy())


def _sum_of_maxima(similarity: torch.Tensor, lengths: IntArray) -> Scores:
    """Similarities [t, q] → MaxSim [n], for documents of `lengths` rows that fill it."""
    scores: Scores = _all_maxima(similarity, lengths).sum(axis=1)
    return scores


def _all_maxima(similarity: torch.Tensor, lengths: IntArray) -> Scores:
    """Similarities [t, q] → maxima [n, q], -inf for a document without rows."""
    filled = lengths > 0
    maxima = np.full((len(lengths), similarity.shape[1]), -np.inf, dtype=np.float32)
    if similarity.numel():
        maxima[filled] = _maxima(similarity, lengths[filled])
    return maxima


def _maxima(similarity: torch.Tensor, lengths: IntArray) -> Scores:
    """Column maxima [n, q] of each run of rows, the faster way for this many columns."""
    if similarity.shape[1] % COLUMN_BLOCK == 0:
        return _maxima_by_slice(similarity, lengths)
    return _maxima_by_reduceat(similarity, lengths)


def _maxima_by_slice(similarity: torch.Tensor, lengths: IntArray) -> Scores:
    import torch

    documents = similarity.split_with_sizes(lengths.tolist())
    maxima: Scores = torch.stack([rows.amax(0) for rows in documents]).numpy()
    return maxima


def _maxima_by_reduceat(similarity: torch.Tensor, lengths: IntArray) -> Scores:
    starts = np.cumsum(lengths) - lengths
    by_question_token = similarity.T.contiguous().numpy()
    maxima: Scores = np.maximum.reduceat(by_question_token, starts, axis=1).T
    return maxima


def _columns(question: FloatArray) -> torch.Tensor:
    """[q, k] → contiguous [k, q]: the product with few columns is fastest this way round."""
    return _tensor(question).T.contiguous()


def _tensor(array: FloatArray) -> torch.Tensor:
    """A float32 tensor on the array's own memory where that is possible.

    torch has no read-only tensors: an array that must not be written is copied.
    """
    import torch

    return torch.from_numpy(np.require(array, requirements=["C", "W"])).float()


def _check_widths(*arrays: FloatArray) -> None:
    shapes = [array.shape for array in arrays]
    if any(len(shape) != 2 for shape in shapes) or len({shape[1] for shape in shapes}) > 1:
        raise ValueError(f"token vectors must be [tokens, width] of one width, got {shapes}")


def _check_bounds(bounds: IntArray, tokens: int) -> None:
    ascending = bounds.ndim == 1 and all(a <= b for a, b in pairwise([0, *bounds.tolist(), tokens]))
    if not ascending or len(bounds) == 0:
        raise ValueError(f"offsets must ascend within [0, {tokens}]")
