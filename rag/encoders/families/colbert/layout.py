"""What a folder must hold to be a ColBERT checkpoint, checked before any of it is loaded."""

from __future__ import annotations

import json
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open

from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "artifact.metadata"
PROJECTION = "linear.weight"


def check_layout(folder: Path) -> None:
    """Refuse a folder whose projection colbert-ai would fill with random numbers, or misread.

    Raises: WeightsError.
    """
    dim = _declared_dim(folder)
    shape = projection_shape(folder)
    if shape[0] != dim:
        raise WeightsError(
            f"The ColBERT checkpoint in {folder} contradicts itself: {METADATA} says dim {dim}, "
            f"{PROJECTION} has {shape[0]} rows; fetch it again."
        )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises: WeightsError if it cannot be read."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read as JSON: {error}; fetch it again.") from error
    return content


def projection_shape(folder: Path) -> tuple[int, ...]:
    """Shape [k, hidden] of `linear.weight`, without loading the rest of the weights.

    Raises: WeightsError if there is none.
    """
    try:
        shape = _safetensors_shape(folder) or _pickle_shape(folder)
    except (OSError, RuntimeError, SafetensorError, UnpicklingError) as error:
        raise WeightsError(f"The weights in {folder} cannot be read: {error}.") from error
    if shape is None:
        raise WeightsError(
            f"The weights in {folder} lack {PROJECTION}, the projection to token vectors: "
            "this is a plain transformer; fetch a ColBERT checkpoint."
        )
    return shape


def _declared_dim(folder: Path) -> int:
    if not (folder / METADATA).is_file():
        raise WeightsError(
            f"The folder {folder} has no {METADATA}: it is no checkpoint that colbert-ai saved; "
            "for one of PyLate or sentence-transformers use the architecture multi-vector."
        )
    metadata = read_json(folder / METADATA)
    return int(metadata.get("config", metadata).get("dim", 128))  # colbert-ai's own default


def _safetensors_shape(folder: Path) -> tuple[int, ...] | None:
    path = folder / "model.safetensors"
    if not path.is_file():
        return None
    with safe_open(path, framework="pt") as weights:
        if PROJECTION not in weights.keys():  # noqa: SIM118 - no mapping, has only keys()
            return None
        return tuple(weights.get_slice(PROJECTION).get_shape())


def _pickle_shape(folder: Path) -> tuple[int, ...] | None:
    path = folder / "pytorch_model.bin"
    if not path.is_file():
        return None
    weights = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    return tuple(weights[PROJECTION].shape) if PROJECTION in weights else None
