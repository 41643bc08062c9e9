"""The loss prefers the right passage, ignores what may be relevant, and punishes drift."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch.nn.functional import normalize

from indexers.training.objective import late_interaction, loss, term_overlap
from indexers.training.recipe import Recipe
from indexers.training.upper import Encoded
from rag.encoders.families.heads.layers import Heads, word_table
from rerankers.maxsim import maxsim

WIDTH, VOCABULARY = 8, 20


@pytest.fixture
def heads() -> Heads:
    torch.manual_seed(0)
    made = Heads(word_table(torch.randn(VOCABULARY, WIDTH)), 6)
    torch.nn.init.normal_(made.projection)
    torch.nn.init.ones_(made.question_prior)
    return made.requires_grad_(requires_grad=False)


def encoded(lengths: list[int], seed: int) -> Encoded:
    torch.manual_seed(seed)
    dense = normalize(torch.randn(len(lengths), WIDTH), dim=-1)
    return Encoded(
        states=normalize(torch.randn(sum(lengths), WIDTH), dim=-1),
        ids=torch.randint(VOCABULARY, (sum(lengths),)),
        lengths=lengths,
        dense=dense,
        plain=dense,
    )


QUESTIONS, PASSAGES = encoded([3, 2], 1), encoded([5, 4, 6], 2)
NOTHING_ELSE = torch.zeros(2, 3, dtype=torch.bool)


def test_late_interaction_is_the_mean_form_of_maxsim(heads: Heads) -> None:
    scores = late_interaction(heads, QUESTIONS, PASSAGES)
    rows = heads.question_tokens(QUESTIONS.states, QUESTIONS.ids, QUESTIONS.lengths)
    tokens = heads.passage_tokens(PASSAGES.states, PASSAGES.ids).numpy()
    for question, part in enumerate(torch.split(rows, QUESTIONS.lengths)):
        exact = maxsim(part.numpy(), tokens, [0, 5, 9, 15]) / len(part)
        assert scores[question].numpy() == pytest.approx(exact, abs=1e-5)


def test_term_overlap_counts_shared_terms_only(heads: Heads) -> None:
    shared = replace(PASSAGES, ids=torch.full_like(PASSAGES.ids, int(QUESTIONS.ids[0])))
    foreign = replace(QUESTIONS, ids=torch.zeros_like(QUESTIONS.ids))
    apart = replace(PASSAGES, ids=torch.ones_like(PASSAGES.ids))
    assert (term_overlap(heads, QUESTIONS, shared)[0] > 0).all()
    assert not term_overlap(heads, foreign, apart).any()


def test_the_right_target_costs_less_than_a_wrong_one(heads: Heads) -> None:
    recipe = Recipe(anchor=0.0)
    total = late_interaction(heads, QUESTIONS, PASSAGES)
    best, worst = total.argmax(1), total.argmin(1)
    right = loss(recipe, heads, QUESTIONS, PASSAGES, best, NOTHING_ELSE)
    assert right < loss(recipe, heads, QUESTIONS, PASSAGES, worst, NOTHING_ELSE)


def test_what_may_be_relevant_costs_nothing(heads: Heads) -> None:
    targets = torch.tensor([0, 0])
    others = torch.tensor([[False, True, True], [False, True, True]])
    masked = loss(Recipe(anchor=0.0), heads, QUESTIONS, PASSAGES, targets, others)
    assert float(masked) == pytest.approx(0.0, abs=1e-6)


def test_drift_from_the_plain_dense_vectors_costs(heads: Heads) -> None:
    targets = torch.tensor([0, 1])
    moved = replace(QUESTIONS, plain=-QUESTIONS.dense)
    near = loss(Recipe(anchor=3.0), heads, QUESTIONS, PASSAGES, targets, NOTHING_ELSE)
    far = loss(Recipe(anchor=3.0), heads, moved, PASSAGES, targets, NOTHING_ELSE)
    assert float(far - near) == pytest.approx(3.0 * 2, abs=1e-4)
