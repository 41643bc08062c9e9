"""The trained layers on top of a transformer's hidden states.

- A token's vector is a projection of its last hidden state and of its word's own
  embedding, normalised (late interaction, Khattab and Zaharia 2020, arXiv:2004.12832). The
  embedding tells rare words apart that the transformer has never seen in such a context.
- A question's token vectors are scaled by what each token counts for, a positive weight of
  mean 1 over the question, so that MaxSim becomes a weighted sum.
- A term's weight is ReLU of a linear layer over the hidden state, over the token's own id,
  the maximum over its occurrences (as in BGE-M3, Chen et al. 2024, arXiv:2402.03216), plus
  a trained prior of the term, which begins as its inverse document frequency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import Parameter
from torch.nn.functional import normalize, softplus

from rag.encoders.families.one_pass import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

STATE_SCALE = 8.0  # unit rows have small components: this makes learning rates alike
WORD_SCALE = 0.7  # length of a word's embedding beside a hidden state of length 1


class Heads(torch.nn.Module):
    """All heads. `states` are float32 [t, h] of unit length, `ids` int64 [t].

    `words` float32 [vocabulary, h] are the transformer's word embeddings, made ready by
    `word_table`; they are not trained and not saved with the heads.
    """

    def __init__(self, words: torch.Tensor, token_dim: int):
        super().__init__()
        vocabulary, width = words.shape
        self._words = words
        self.projection = Parameter(torch.zeros(2 * width, token_dim))
        self.importance = Parameter(torch.zeros(width))
        self.importance_prior = Parameter(torch.zeros(vocabulary))
        self.question_terms = Parameter(torch.zeros(width))
        self.question_prior = Parameter(torch.zeros(vocabulary))
        self.passage_terms = Parameter(torch.zeros(width))
        self.passage_prior = Parameter(torch.ones(vocabulary))

    def passage_tokens(self, states: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """Unit token vectors, float32 [t, k]."""
        seen = torch.cat([self._words[ids], states], dim=-1)
        return normalize(seen @ self.projection, dim=-1)

    def question_tokens(
        self, states: torch.Tensor, ids: torch.Tensor, lengths: Sequence[int]
    ) -> torch.Tensor:
        """Token vectors of whole questions of `lengths`, scaled by importance, [t, k]."""
        weights = softplus(STATE_SCALE * states @ self.importance + self.importance_prior[ids])
        shares = [part / part.mean() for part in torch.split(weights, list(lengths))]
        return self.passage_tokens(states, ids) * torch.cat(shares).unsqueeze(-1)

    def terms(self, states: torch.Tensor, ids: torch.Tensor, side: Side) -> torch.Tensor:
        """The weight of each token's id at its place, float32 [t], not negative."""
        direction, prior = self._term_weights[side]
        return torch.relu(STATE_SCALE * states @ direction + prior[ids])

    @property
    def _term_weights(self) -> dict[Side, tuple[Parameter, Parameter]]:
        return {
            Side.QUESTION: (self.question_terms, self.question_prior),
            Side.PASSAGE: (self.passage_terms, self.passage_prior),
        }


def word_table(embeddings: torch.Tensor) -> torch.Tensor:
    """Word embeddings [vocabulary, h] without their common part, each of WORD_SCALE length."""
    units = normalize(embeddings, dim=-1)
    return WORD_SCALE * normalize(units - units.mean(0), dim=-1)
