"""Ways to compute MaxSim that are compared, each on the input layout that suits it best."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from rerankers.maxsim import maxsim, maxsim_documents

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

FloatArray: TypeAlias = npt.NDArray[np.float32]
Scorer: TypeAlias = "Callable[[], npt.ArrayLike]"

CONCATENATED = "one array [sum t, k] and offsets"
SEPARATE = "list of arrays [t, k]"
PADDED = "array [n, max t, k] and mask, padded beforehand"


@dataclass(frozen=True, slots=True)
class Workload:
    """A question [q, k] and documents, in the layouts that methods start from."""

    question: FloatArray
    documents: list[FloatArray]
    tokens: FloatArray
    offsets: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Method:
    """`prepare` does what is not timed and gives the call that is.

    `package` must be installed; "" when Trident's own dependencies suffice.
    """

    name: str
    layout: str
    prepare: Callable[[Workload], Scorer]
    package: str = ""


def make_workload(
    *, documents: int, shortest: int, longest: int, question_tokens: int, width: int
) -> Workload:
    """Random unit vectors; document lengths are uniform in [shortest, longest]."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(shortest, longest + 1, documents)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    tokens = _unit_rows(rng, int(offsets[-1]), width)
    parts = [part.copy() for part in np.split(tokens, offsets[1:-1])]
    return Workload(_unit_rows(rng, question_tokens, width), parts, tokens, offsets)


def plain_loop(work: Workload) -> npt.NDArray[np.float64]:
    """The definition in float64, as the reference for errors."""
    question = work.question.astype(np.float64)
    return np.array([(question @ document.T).max(axis=1).sum() for document in work.documents])


def _unit_rows(rng: np.random.Generator, rows: int, width: int) -> FloatArray:
    vectors = rng.standard_normal((rows, width), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _trident(work: Workload) -> Scorer:
    return partial(maxsim, work.question, work.tokens, work.offsets)


def _trident_separate(work: Workload) -> Scorer:
    return partial(maxsim_documents, work.question, work.documents)


def _padded(work: Workload) -> Scorer:
    """As PyLate and ColBERT score: one batched product over padded documents, masked."""
    import torch

    question = torch.from_numpy(work.question).T.contiguous()
    return partial(_score_padded, question, *_pad(work))


def _pad_and_score(work: Workload) -> Scorer:
    import torch

    question = torch.from_numpy(work.question).T.contiguous()
    return lambda: _score_padded(question, *_pad(work))


def _score_padded(question: torch.Tensor, batch: torch.Tensor, mask: torch.Tensor) -> FloatArray:
    scores: FloatArray = (batch @ question).masked_fill_(mask, -np.inf).amax(1).sum(1).numpy()
    return scores


def _pad(work: Workload) -> tuple[torch.Tensor, torch.Tensor]:
    import torch
    from torch.nn.utils.rnn import pad_sequence

    batch = pad_sequence([torch.from_numpy(part) for part in work.documents], batch_first=True)
    lengths = torch.tensor([len(part) for part in work.documents])
    return batch, (torch.arange(batch.shape[1]) >= lengths[:, None])[..., None]


def _numpy_by_document_token(work: Workload) -> Scorer:
    question = work.question.T
    return lambda: [(part @ question).max(axis=0).sum() for part in work.documents]


def _numpy_by_question_token(work: Workload) -> Scorer:
    return lambda: [(work.question @ part.T).max(axis=1).sum() for part in work.documents]


def _maxsim_cpu(work: Workload) -> Scorer:
    import maxsim_cpu

    return partial(maxsim_cpu.maxsim_scores_variable, work.question, work.documents)


BASELINE = "trident"
METHODS = (
    Method(BASELINE, CONCATENATED, _trident),
    Method("trident, separate documents", SEPARATE, _trident_separate),
    Method("pad, then score", SEPARATE, _pad_and_score),
    Method("score what is padded", PADDED, _padded),
    Method("NumPy loop [t, q]", SEPARATE, _numpy_by_document_token),
    Method("NumPy loop [q, t]", SEPARATE, _numpy_by_question_token),
    Method("maxsim-cpu", SEPARATE, _maxsim_cpu, package="maxsim-cpu"),
)
