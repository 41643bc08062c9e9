"""Hard negatives: passages that retrieve well for a question and are not its own.

Half come from BM25, half from the unchanged model's dense vectors, so that the heads see
the mistakes of both.
"""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from indexers.training.passages import Passages, Question
    from indexers.training.states import States

AT_ONCE = 1024


def mine(
    questions: Sequence[Question],
    states: States,
    passages: Passages,
    passage_states: States,
    allowed: npt.NDArray[np.int64],
    count: int,
) -> npt.NDArray[np.int64]:
    """For each question `count` of the `allowed` passages, int64 [n, count].

    Passages of a cropped question's own article are left to the sampler's mask.
    """
    texts = [passages.texts[i] for i in allowed]
    lexical = _by_bm25([question.text for question in questions], texts, count + 1)
    dense = _by_dense(states.dense, passage_states.dense[allowed], count + 1)
    rows = zip(questions, allowed[lexical], allowed[dense], strict=True)
    return np.array([_merged(q.passage, words, vectors, count) for q, words, vectors in rows])


def _merged(own: int, first: Iterable[int], second: Iterable[int], count: int) -> list[int]:
    """Both rankings in turn, each passage once, without the question's own."""
    in_turn = chain.from_iterable(zip_longest(first, second))
    distinct = dict.fromkeys(int(p) for p in in_turn if p is not None and p != own)
    return list(distinct)[:count]


def _by_bm25(
    questions: Sequence[str], passages: Sequence[str], count: int
) -> npt.NDArray[np.int64]:
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(passages), show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(list(questions), show_progress=False)
    found, _ = index.retrieve(tokens, k=count, show_progress=False)
    return np.asarray(found, dtype=np.int64)


def _by_dense(
    questions: npt.NDArray[np.float32], passages: npt.NDArray[np.float32], count: int
) -> npt.NDArray[np.int64]:
    columns = torch.from_numpy(passages).T
    pieces = torch.split(torch.from_numpy(questions), AT_ONCE)
    return torch.cat([(piece @ columns).topk(count, dim=1).indices for piece in pieces]).numpy()
