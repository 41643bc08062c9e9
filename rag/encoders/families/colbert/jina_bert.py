"""JinaBERT, the encoder of jina-colbert-v1-en: BERT with ALiBi instead of position embeddings.

Günther et al. 2023, "Jina Embeddings 2", arXiv:2310.19923; ALiBi: Press, Smith and Lewis 2022,
arXiv:2108.12409, here symmetric, as both directions are read; gated MLP (GEGLU): Shazeer 2020,
arXiv:2002.05202. Parameter names are those of the published weights.
"""

# mypy: disable-error-code="no-untyped-call"
# transformers' base classes are typed in part.

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.functional import gelu, scaled_dot_product_attention
from transformers import AutoConfig, BertConfig, PreTrainedModel


class JinaBertConfig(BertConfig):
    """BERT's configuration under a name of its own."""

    model_type = "jina_bert"


class Embeddings(nn.Module):
    """Words and token types; positions come in as attention biases."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Ids [n, t] → states [n, t, d]."""
        states = self.word_embeddings(ids) + self.token_type_embeddings(torch.zeros_like(ids))
        normed: torch.Tensor = self.LayerNorm(states)
        return normed


class SelfAttention(nn.Module):
    """Multi-head attention; `bias` [n, heads, t, t] is added to the scaled scores."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.heads = config.num_attention_heads
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key = nn.Linear(config.hidden_size, config.hidden_size)
        self.value = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """States [n, t, d] → context [n, t, d]."""
        query, key, value = (
            layer(states).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        context = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        return context.transpose(1, 2).flatten(-2)


class SelfOutput(nn.Module):
    """Projection and norm after attention."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, context: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
        """Context and states [n, t, d] → states [n, t, d]."""
        normed: torch.Tensor = self.LayerNorm(self.dense(context) + states)
        return normed


class Attention(nn.Module):
    """Attention with its residual."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.self = SelfAttention(config)
        self.output = SelfOutput(config)

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """States [n, t, d] → states [n, t, d]."""
        attended: torch.Tensor = self.output(self.self(states, bias), states)
        return attended


class GatedMlp(nn.Module):
    """GEGLU with its residual."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.gated_layers = nn.Linear(config.hidden_size, 2 * config.intermediate_size, bias=False)
        self.wo = nn.Linear(config.intermediate_size, config.hidden_size)
        self.layernorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """States [n, t, d] → states [n, t, d]."""
        gate, value = self.gated_layers(states).chunk(2, dim=-1)
        normed: torch.Tensor = self.layernorm(self.wo(gelu(gate) * value) + states)
        return normed


class Layer(nn.Module):
    """Attention, then the MLP."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.attention = Attention(config)
        self.mlp = GatedMlp(config)

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """States [n, t, d] → states [n, t, d]."""
        mixed: torch.Tensor = self.mlp(self.attention(states, bias))
        return mixed


class Encoder(nn.Module):
    """All layers."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.layer = nn.ModuleList([Layer(config) for _ in range(config.num_hidden_layers)])

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """States [n, t, d] → states [n, t, d]."""
        for layer in self.layer:
            states = layer(states, bias)
        return states


class JinaBertPreTrainedModel(PreTrainedModel):
    """What colbert-ai adds its projection to."""

    config_class = JinaBertConfig
    base_model_prefix = "bert"


class JinaBertModel(JinaBertPreTrainedModel):
    """The encoder without its pooler, which late interaction does not use."""

    def __init__(self, config: JinaBertConfig):
        super().__init__(config)
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)
        self.post_init()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor]:
        """Ids and mask, int64 [n, t] → the last hidden states [n, t, d]."""
        states = self.embeddings(input_ids)
        distances = alibi(self.config.num_attention_heads, input_ids.shape[1]).to(states)
        padding = (1.0 - attention_mask.to(states)) * torch.finfo(states.dtype).min
        return (self.encoder(states, distances + padding[:, None, None, :]),)


def alibi(heads: int, length: int) -> torch.Tensor:
    """Attention biases [heads, t, t]: minus the distance, times each head's slope."""
    positions = torch.arange(length)
    distance = (positions[None, :] - positions[:, None]).abs()
    return -torch.tensor(alibi_slopes(heads))[:, None, None] * distance


def alibi_slopes(heads: int) -> list[float]:
    """A geometric sequence from 2^(-8/heads); between powers of two, filled up from the next."""
    power = 2 ** math.floor(math.log2(heads))
    slopes = [2.0 ** (-8 * i / power) for i in range(1, power + 1)]
    if power == heads:
        return slopes
    return slopes + alibi_slopes(2 * power)[0::2][: heads - power]


AutoConfig.register(JinaBertConfig.model_type, JinaBertConfig, exist_ok=True)
