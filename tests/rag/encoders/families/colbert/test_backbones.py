"""Jina's checkpoints load without the Python code that they name; other code is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn.functional import gelu, layer_norm, normalize

from rag.encoders.families.colbert.checkpoint import open_checkpoint
from rag.encoders.families.colbert.model import ColbertModel
from rag.errors import WeightsError
from rerankers.maxsim import maxsim_documents
from tests.rag.encoders.tiny_colbert import (
    DIM,
    PASSAGES,
    QUERY_MAXLEN,
    QUESTION,
    part,
    settings,
    tokens,
    vectors,
)
from tests.rag.encoders.tiny_jina import HEADS, LAYERS, WIDTH, jina_v1_folder, jina_v2_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


BOTH = pytest.mark.parametrize("make", [jina_v1_folder, jina_v2_folder])


def load(folder: Path) -> ColbertModel:
    return ColbertModel(folder, part("colbert"), settings())


@BOTH
def test_scores_are_those_of_colbert_ai(make: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = make(tmp_path)
    checkpoint = open_checkpoint(folder)
    (theirs,) = checkpoint.queryFromText([QUESTION])
    passages = checkpoint.docFromText(PASSAGES, keep_dims=False)
    expected = maxsim_documents(theirs.numpy(), [rows.numpy() for rows in passages])
    model = load(folder)
    (question,) = model.encode_questions([QUESTION])
    ours = vectors(model.encode_passages(PASSAGES))
    scores = maxsim_documents(tokens(question).vectors, ours)
    np.testing.assert_allclose(scores, expected, atol=1e-4)
    assert tokens(question).vectors.shape == (QUERY_MAXLEN, DIM)


@BOTH
def test_padding_does_not_change_results(make: Callable[[Path], Path], tmp_path: Path) -> None:
    model = load(make(tmp_path))
    together = model.encode_passages(PASSAGES)
    for text, output in zip(PASSAGES, together, strict=True):
        (alone,) = model.encode_passages([text])
        np.testing.assert_allclose(tokens(output).vectors, tokens(alone).vectors, atol=1e-5)


def test_the_rows_of_a_sentencepiece_tokenizer_cover_their_words(tmp_path: Path) -> None:
    # colbert-ai masks a comma as it is written alone, which here differs from one after a word.
    text = "the cats, far away"
    (output,) = load(jina_v2_folder(tmp_path)).encode_passages([text])
    covered = [text[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "the", "cat", "s", ",", "far", "away", ""]


def test_version_2_reads_positions_by_rotation(tmp_path: Path) -> None:
    folder = jina_v2_folder(tmp_path)
    checkpoint = open_checkpoint(folder)
    ids = torch.tensor([[0, 24, 5, 6, 5, 2]])
    (ours,) = checkpoint.doc(ids, torch.ones_like(ids), keep_dims=False)
    weights = Weights(folder, "roberta.")
    states = weights.norm("emb_ln", weights.embed(ids[0]), 1e-5)
    for layer in (f"encoder.layers.{i}" for i in range(LAYERS)):
        query, key, value = weights.linear(f"{layer}.mixer.Wqkv", states).chunk(3, dim=-1)
        attended = attention(rotated(heads(query)), rotated(heads(key)), heads(value))
        attended = weights.linear(f"{layer}.mixer.out_proj", attended)
        states = weights.norm(f"{layer}.norm1", states + attended, 1e-5)
        inner = gelu(weights.linear(f"{layer}.mlp.fc1", states))
        states = weights.norm(
            f"{layer}.norm2", states + weights.linear(f"{layer}.mlp.fc2", inner), 1e-5
        )
    torch.testing.assert_close(ours, weights.project(states), atol=1e-5, rtol=0)


def test_version_1_reads_positions_as_linear_biases(tmp_path: Path) -> None:
    folder = jina_v1_folder(tmp_path)
    checkpoint = open_checkpoint(folder)
    ids = torch.tensor([[4, 2, 39, 40, 39, 5]])
    (ours,) = checkpoint.doc(ids, torch.ones_like(ids), keep_dims=False)
    weights = Weights(folder, "bert.")
    states = weights.norm("embeddings.LayerNorm", weights.embed(ids[0]), 1e-12)
    for layer in (f"encoder.layer.{i}" for i in range(LAYERS)):
        query, key, value = (
            heads(weights.linear(f"{layer}.attention.self.{name}", states))
            for name in ("query", "key", "value")
        )
        attended = attention(query, key, value, bias=linear_biases(len(states)))
        attended = weights.linear(f"{layer}.attention.output.dense", attended)
        states = weights.norm(f"{layer}.attention.output.LayerNorm", states + attended, 1e-12)
        gate, up = (states @ weights[f"{layer}.mlp.gated_layers.weight"].T).chunk(2, dim=-1)
        states = states + weights.linear(f"{layer}.mlp.wo", gelu(gate) * up)
        states = weights.norm(f"{layer}.mlp.layernorm", states, 1e-12)
    torch.testing.assert_close(ours, weights.project(states), atol=1e-5, rtol=0)


def test_nothing_of_the_view_is_left_behind(tmp_path: Path) -> None:
    open_checkpoint(jina_v2_folder(tmp_path))
    from colbert.modeling import hf_colbert

    assert not [name for name in hf_colbert.base_class_mapping if name.startswith("/")]


@pytest.mark.parametrize(
    "config",
    [
        {"auto_map": {"AutoModel": "someone/else--modeling.Model"}},
        {"auto_map": {"AutoConfig": "modeling.Config"}},
        {"position_embedding_type": "absolute"},
        {"lora_adaptations": ["retrieval.query"]},
    ],
)
def test_code_that_is_not_known_is_refused(tmp_path: Path, config: dict[str, object]) -> None:
    folder = jina_v2_folder(tmp_path, **config)
    (folder / "modeling.py").write_text("raise SystemExit('foreign code was run')")
    with pytest.raises(WeightsError, match="which Trident does not run"):
        load(folder)


class Weights:
    """Published tensors by name, and the few operations that the models are made of."""

    def __init__(self, folder: Path, prefix: str):
        self._tensors = load_file(folder / "model.safetensors")
        self._prefix = prefix

    def __getitem__(self, name: str) -> torch.Tensor:
        return self._tensors[self._prefix + name]

    def embed(self, ids: torch.Tensor) -> torch.Tensor:
        words = self["embeddings.word_embeddings.weight"]
        types = self["embeddings.token_type_embeddings.weight"]
        return words[ids] + types[0]

    def linear(self, name: str, states: torch.Tensor) -> torch.Tensor:
        return states @ self[f"{name}.weight"].T + self[f"{name}.bias"]

    def norm(self, name: str, states: torch.Tensor, eps: float) -> torch.Tensor:
        return layer_norm(states, (WIDTH,), self[f"{name}.weight"], self[f"{name}.bias"], eps)

    def project(self, states: torch.Tensor) -> torch.Tensor:
        return normalize(states @ self._tensors["linear.weight"].T, dim=-1)


def heads(states: torch.Tensor) -> torch.Tensor:
    """[t, d] → [heads, t, d / heads]"""
    return states.unflatten(-1, (HEADS, -1)).transpose(0, 1)


def attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bias: torch.Tensor | float = 0.0
) -> torch.Tensor:
    scores = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5 + bias
    return (scores.softmax(dim=-1) @ value).transpose(0, 1).flatten(1)


def rotated(states: torch.Tensor) -> torch.Tensor:
    """Pairs (i, i + half) of each head turned by position · 10000^(-i / half)."""
    half = states.shape[-1] // 2
    angles = torch.arange(states.shape[1])[:, None] * 10000.0 ** (-torch.arange(half) / half)
    first, second = states.split(half, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


def linear_biases(length: int) -> torch.Tensor:
    """Two heads: slopes 1/16 and 1/256."""
    distance = (torch.arange(length)[:, None] - torch.arange(length)).abs()
    return -torch.tensor([1 / 16, 1 / 256])[:, None, None] * distance
