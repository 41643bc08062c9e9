"""Mined negatives come from words and from vectors, and never are the right answer."""

from __future__ import annotations

from typing import cast

import numpy as np

from indexers.training.negatives import mine
from indexers.training.passages import Question
from indexers.training.states import States
from tests.indexers.training.texts import PASSAGES


def states(dense: np.ndarray) -> States:
    nothing = cast("np.ndarray", None)
    return States(nothing, nothing, nothing, np.arange(len(dense) + 1), dense.astype(np.float32))


def test_both_words_and_vectors_give_negatives_of_the_allowed_passages() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 4))
    questions = [Question("When do bees of valley 3 gather?", 3)]
    allowed = np.arange(40)
    hard = mine(questions, states(vectors[3:4]), PASSAGES, states(vectors), allowed, 6)
    nearest = [i for i in np.argsort(-vectors[:40] @ vectors[3]) if i != 3]
    assert hard.shape == (1, 6)
    assert 3 not in hard[0]
    assert hard.max() < 40
    assert nearest[0] in hard[0]
    assert sum(PASSAGES.groups[i] == "bees" for i in hard[0]) >= 2
