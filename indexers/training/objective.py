"""What the heads are trained for: contrast, and learning from their own sum.

The recipe is that of BGE-M3 (Chen et al. 2024, arXiv:2402.03216, section 3.3): each
representation, and their weighted sum, must give a question's passage the largest score in
its batch (InfoNCE), and token vectors and terms are drawn towards the sum's distribution
(self-knowledge distillation), which is better than any of them. The dense vectors must stay
near those of the unchanged model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import cross_entropy, log_softmax, softmax

from rag.encoders.families.one_pass import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.training.recipe import Recipe
    from indexers.training.upper import Encoded
    from rag.encoders.families.heads.layers import Heads

NEVER = -1e4
DENSE_CONTRAST = 0.5


def loss(
    recipe: Recipe,
    heads: Heads,
    questions: Encoded,
    passages: Encoded,
    targets: torch.Tensor,
    not_negative: torch.Tensor,
) -> torch.Tensor:
    """Mean loss of a batch of n questions and m passages.

    `targets` int64 [n] are the passages' places; `not_negative` bool [n, m] marks passages
    that may be relevant too and so count neither way.
    """
    late = late_interaction(heads, questions, passages) / recipe.temperature
    terms = term_overlap(heads, questions, passages)
    dense = questions.dense @ passages.dense.T / recipe.temperature
    total = late + terms + recipe.dense_share * dense
    late, terms, dense, total = (
        scores.masked_fill(not_negative, NEVER) for scores in (late, terms, dense, total)
    )
    contrast = _sum([cross_entropy(scores, targets) for scores in (late, terms, total)])
    teacher = softmax(total.detach(), dim=1)
    distance = _sum([-(teacher * log_softmax(s, dim=1)).sum(1).mean() for s in (late, terms)])
    drift = _drift(questions) + _drift(passages)
    dense_contrast = DENSE_CONTRAST * cross_entropy(dense, targets)
    return contrast + dense_contrast + distance + recipe.anchor * drift


def late_interaction(heads: Heads, questions: Encoded, passages: Encoded) -> torch.Tensor:
    """Weighted mean over a question's tokens of its best passage token, [n, m]."""
    rows = heads.question_tokens(questions.states, questions.ids, questions.lengths)
    similarity = rows @ heads.passage_tokens(passages.states, passages.ids).T
    best = [part.amax(1) for part in torch.split(similarity, passages.lengths, dim=1)]
    by_question = torch.split(torch.stack(best, 1), questions.lengths)
    return torch.stack([part.mean(0) for part in by_question])


def term_overlap(heads: Heads, questions: Encoded, passages: Encoded) -> torch.Tensor:
    """Inner product of the term weights, [n, m]; only terms of some question matter."""
    vocabulary = torch.unique(questions.ids)
    left = _term_matrix(heads, questions, Side.QUESTION, vocabulary)
    return left @ _term_matrix(heads, passages, Side.PASSAGE, vocabulary).T


def _term_matrix(
    heads: Heads, texts: Encoded, side: Side, vocabulary: torch.Tensor
) -> torch.Tensor:
    """The largest weight of each vocabulary entry in each text, [n, len(vocabulary)]."""
    weights = heads.terms(texts.states, texts.ids, side)
    column = torch.searchsorted(vocabulary, texts.ids).clamp(max=len(vocabulary) - 1)
    known = vocabulary[column] == texts.ids
    lengths = torch.tensor(texts.lengths)
    row = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
    place = (row * len(vocabulary) + column)[known]
    flat = torch.zeros(len(lengths) * len(vocabulary))
    filled = flat.scatter_reduce(0, place, weights[known], "amax")
    return filled.view(len(lengths), len(vocabulary))


def _drift(texts: Encoded) -> torch.Tensor:
    """Mean of 1 - cosine to the unchanged model's dense vectors."""
    return (1 - (texts.dense * texts.plain).sum(1)).mean()


def _sum(losses: Sequence[torch.Tensor]) -> torch.Tensor:
    return torch.stack(list(losses)).sum()
