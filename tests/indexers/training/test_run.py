"""A whole run with the real model: it can be stopped, gone on with, and used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch

from indexers.training.recipe import Recipe
from indexers.training.run import TrainingRun
from rag.encoders.catalogue.models import MINILM, MINILM_HEADS
from rag.encoders.catalogue.registry import find_preset
from rag.encoders.families.heads.model import HeadsModel
from rag.encoders.runtime.adapter import read_tensors
from rag.encoders.weights.find import find_weights
from rag.settings import EncoderSettings
from tests.indexers.training.texts import PASSAGES, write_pairs

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = EncoderSettings(offline=True, runtime="torch", device="cpu")
RECIPE = Recipe(steps=4, batch=4, rank=2, token_dim=8, warm_up=1, held_out=0.2, mined=4)


def run(tmp_path: Path, work: str, recipe: Recipe, said: list[str]) -> Path:
    out = tmp_path / f"{work}.safetensors"
    pairs = write_pairs(tmp_path / "pairs.jsonl")
    TrainingRun(recipe, pairs, (), tmp_path / work, SETTINGS, said.append).run(out)
    return out


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("training"), "work", RECIPE, [])


def test_what_was_trained_loads_as_the_default_preset_s_heads(trained: Path) -> None:
    part = find_preset("minilm").parts[0]
    ours = replace(part, model=replace(MINILM_HEADS, adapter=trained))
    model = HeadsModel(find_weights(MINILM, SETTINGS).path, ours, SETTINGS)
    (output,) = model.encode_passages([PASSAGES.texts[0]])
    assert output.tokens is not None
    assert output.tokens.vectors.shape[1] == RECIPE.token_dim


def test_training_moves_the_adapter_and_every_head(trained: Path) -> None:
    up = {k: v for k, v in read_tensors(trained, "adapter.").items() if k.endswith(".b")}
    heads = read_tensors(trained, "heads.")
    assert len(up) == 3 * 6  # layers from the third on, six matrices each
    assert all(tensor.abs().max() > 0 for tensor in up.values())
    assert all(heads[name].abs().max() > 0 for name in ("importance", "question_terms"))


def test_a_finished_run_repeats_nothing(trained: Path) -> None:
    said: list[str] = []
    again = run(trained.parent, "work", RECIPE, said)
    assert not any(line.startswith("step") for line in said)
    for name, tensor in read_tensors(trained, "heads.").items():
        assert torch.equal(tensor, read_tensors(again, "heads.")[name])
