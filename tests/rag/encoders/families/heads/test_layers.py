"""The heads: unit token vectors, importance of mean 1, term weights that are never negative."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import normalize

from rag.encoders.families.heads.layers import WORD_SCALE, Heads, word_table
from rag.encoders.families.one_pass import Side

VOCABULARY, WIDTH, TOKEN_DIM = 11, 6, 4


@pytest.fixture
def heads() -> Heads:
    torch.manual_seed(0)
    made = Heads(word_table(torch.randn(VOCABULARY, WIDTH)), TOKEN_DIM)
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter)
    return made


@pytest.fixture
def states() -> torch.Tensor:
    return normalize(torch.randn(7, WIDTH), dim=-1)


IDS = torch.tensor([1, 4, 4, 9, 0, 2, 10])


def test_passage_tokens_have_unit_length(heads: Heads, states: torch.Tensor) -> None:
    tokens = heads.passage_tokens(states, IDS)
    assert tokens.shape == (7, TOKEN_DIM)
    assert torch.allclose(tokens.norm(dim=-1), torch.ones(7), atol=1e-6)


def test_a_question_s_tokens_point_alike_and_weigh_one_on_average(
    heads: Heads, states: torch.Tensor
) -> None:
    tokens = heads.question_tokens(states, IDS, [3, 4])
    lengths = tokens.norm(dim=-1)
    assert torch.allclose(normalize(tokens, dim=-1), heads.passage_tokens(states, IDS), atol=1e-6)
    assert torch.allclose(lengths[:3].mean(), torch.tensor(1.0), atol=1e-6)
    assert torch.allclose(lengths[3:].mean(), torch.tensor(1.0), atol=1e-6)
    assert lengths.std() > 0.01


def test_a_question_is_weighed_alike_alone_and_among_others(
    heads: Heads, states: torch.Tensor
) -> None:
    together = heads.question_tokens(states, IDS, [3, 4])
    alone = heads.question_tokens(states[3:], IDS[3:], [4])
    assert torch.allclose(together[3:], alone, atol=1e-6)


@pytest.mark.parametrize("side", Side)
def test_term_weights_are_never_negative(heads: Heads, states: torch.Tensor, side: Side) -> None:
    weights = heads.terms(states, IDS, side)
    assert (weights >= 0).all()
    assert (weights > 0).any()


def test_the_words_have_lost_what_they_share_and_one_length() -> None:
    table = word_table(torch.randn(50, 8) + 3)
    assert torch.allclose(table.norm(dim=-1), torch.full((50,), WORD_SCALE), atol=1e-6)
    assert table.mean(0).norm() < 0.2
