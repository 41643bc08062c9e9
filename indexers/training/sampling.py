"""Batches of questions with passages to tell apart: in-batch and mined hard negatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from indexers.training.passages import Passages, Question
    from indexers.training.states import States

NEIGHBOURHOOD = 3  # passages before and after


@dataclass(frozen=True, slots=True)
class Sample:
    """Indices of questions and passages; see `objective.loss` for the other two."""

    questions: list[int]
    passages: list[int]
    targets: torch.Tensor
    not_negative: torch.Tensor


@dataclass(frozen=True)
class Sampler:
    """Draws from one kind of question, whose lower layers' states are `states`.

    `hard` int64 [n, h] are mined negatives of each question. `topical` questions were
    cropped from a passage: their target is a neighbour of it in the same article, and no
    passage of that article is a negative.
    """

    questions: Sequence[Question]
    states: States
    passages: Passages
    hard: npt.NDArray[np.int64]
    topical: bool

    def draw(self, size: int, negatives: int, source: np.random.Generator) -> Sample:
        """A batch of `size` questions with `negatives` hard negatives each."""
        chosen = source.choice(len(self.questions), size, replace=False).tolist()
        positives = [self._positive(self.questions[i], source) for i in chosen]
        mined = [int(p) for i in chosen for p in source.choice(self.hard[i], negatives)]
        passages = list(dict.fromkeys([*positives, *mined]))
        return Sample(
            questions=chosen,
            passages=passages,
            targets=torch.tensor([passages.index(p) for p in positives]),
            not_negative=self._not_negative(positives, passages),
        )

    def _positive(self, question: Question, source: np.random.Generator) -> int:
        if not self.topical:
            return question.passage
        article = self.passages.by_group[self.passages.groups[question.passage]]
        place = article.index(question.passage)
        near = article[max(0, place - NEIGHBOURHOOD) : place + NEIGHBOURHOOD + 1]
        return int(source.choice([p for p in near if p != question.passage]))

    def _not_negative(self, positives: Sequence[int], passages: Sequence[int]) -> torch.Tensor:
        if not self.topical:
            return torch.zeros(len(positives), len(passages), dtype=torch.bool)
        groups = np.array([self.passages.groups[p] for p in passages])
        own = np.array([self.passages.groups[p] for p in positives])
        others = np.array(passages)[None, :] != np.array(positives)[:, None]
        return torch.from_numpy((groups[None, :] == own[:, None]) & others)
