"""Every question has its target in the batch, and nothing relevant counts as negative."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from indexers.training.passages import Question
from indexers.training.sampling import NEIGHBOURHOOD, Sampler
from tests.indexers.training.texts import PASSAGES

if TYPE_CHECKING:
    from indexers.training.states import States

QUESTIONS = [Question(f"question {i}", i) for i in range(len(PASSAGES.texts))]
HARD = np.array([[(i + 7) % 50, (i + 11) % 50] for i in range(50)])
NO_STATES = cast("States", None)  # drawing needs none


@pytest.mark.parametrize("seed", range(5))
def test_the_target_of_a_question_is_its_own_passage(seed: int) -> None:
    sampler = Sampler(QUESTIONS, NO_STATES, PASSAGES, HARD, topical=False)
    sample = sampler.draw(8, 1, np.random.default_rng(seed))
    targets = [sample.passages[place] for place in sample.targets]
    assert targets == [QUESTIONS[i].passage for i in sample.questions]
    assert not sample.not_negative.any()
    assert len(set(sample.passages)) == len(sample.passages)


@pytest.mark.parametrize("seed", range(5))
def test_a_cropped_question_asks_for_a_neighbour(seed: int) -> None:
    sampler = Sampler(QUESTIONS, NO_STATES, PASSAGES, HARD, topical=True)
    sample = sampler.draw(8, 2, np.random.default_rng(seed))
    for row, question in enumerate(sample.questions):
        source = QUESTIONS[question].passage
        target = sample.passages[sample.targets[row]]
        assert 0 < abs(target - source) <= NEIGHBOURHOOD
        assert PASSAGES.groups[target] == PASSAGES.groups[source]


@pytest.mark.parametrize("seed", range(5))
def test_passages_of_the_same_article_count_neither_way(seed: int) -> None:
    sampler = Sampler(QUESTIONS, NO_STATES, PASSAGES, HARD, topical=True)
    sample = sampler.draw(8, 2, np.random.default_rng(seed))
    for row, question in enumerate(sample.questions):
        group = PASSAGES.groups[QUESTIONS[question].passage]
        for column, passage in enumerate(sample.passages):
            same = PASSAGES.groups[passage] == group and column != int(sample.targets[row])
            assert bool(sample.not_negative[row, column]) is same
