"""Trained weights as the one file that the encoder loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safetensors.torch import save_file

from rag.encoders.families.heads.model import HEADS_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from indexers.training.upper import UpperLayers
    from rag.encoders.families.heads.layers import Heads


def save_heads(path: Path, upper: UpperLayers, heads: Heads, about: Mapping[str, str]) -> None:
    """Write adapter and heads as float16, with what made them as the file's metadata."""
    layers = {HEADS_PREFIX + name: p.detach().half() for name, p in heads.named_parameters()}
    tensors = {name: tensor.contiguous() for name, tensor in (upper.adapter() | layers).items()}
    save_file(tensors, path, metadata=dict(about))
