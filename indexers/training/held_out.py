"""How well each representation finds the passages of articles that were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from indexers.training.objective import late_interaction, term_overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.training.passages import Question
    from indexers.training.states import States
    from indexers.training.upper import Encoded, UpperLayers
    from rag.encoders.families.heads.layers import Heads

AT_ONCE = 64


@torch.no_grad()
def reciprocal_ranks(
    upper: UpperLayers,
    heads: Heads,
    questions: Sequence[Question],
    question_states: States,
    passage_states: States,
    passages: Sequence[int],
) -> dict[str, float]:
    """Mean reciprocal rank of each question's passage among `passages`, a representation.

    `plain` is the unchanged model's dense vector, to compare with.
    """
    asked = upper.encode(question_states.batch(range(len(questions))))
    pieces = [passages[i : i + AT_ONCE] for i in range(0, len(passages), AT_ONCE)]
    scores = [_scores(heads, asked, upper.encode(passage_states.batch(p))) for p in pieces]
    place = {passage: i for i, passage in enumerate(passages)}
    own = torch.tensor([place[question.passage] for question in questions])
    names = scores[0]
    return {name: _mrr(torch.cat([s[name] for s in scores], dim=1), own) for name in names}


def _scores(heads: Heads, questions: Encoded, passages: Encoded) -> dict[str, torch.Tensor]:
    return {
        "tokens": late_interaction(heads, questions, passages),
        "terms": term_overlap(heads, questions, passages),
        "dense": questions.dense @ passages.dense.T,
        "plain": questions.plain @ passages.plain.T,
    }


def _mrr(scores: torch.Tensor, own: torch.Tensor) -> float:
    ranks = (scores > scores.gather(1, own[:, None])).sum(1) + 1
    return float((1 / ranks).mean())
