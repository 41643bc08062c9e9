"""Which folders may be loaded as a `MultiVectorEncoder` without inventing weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.encoders.families.colbert.layout import projection_shape, read_json
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

STANFORD_ARCHITECTURE = "HF_ColBERT"
# PyLate calls its models ColBERT; before version 1.2 only the prefixes tell them apart.
MODEL_TYPES = {"ColBERT", "MultiVectorEncoder"}
PYLATE_KEYS = {"query_prefix", "document_prefix"}


def check_layout(folder: Path) -> None:
    """Refuse a folder that was not saved as a late-interaction model.

    sentence-transformers turns any sentence encoder into a `MultiVectorEncoder` by adding
    a projection of random numbers, without an error.

    Raises: WeightsError.
    """
    transformer = _optional_json(folder / "config.json")
    if "AutoModel" in transformer.get("auto_map", {}):
        raise WeightsError(
            f"The model in {folder} needs Python code from its own repository, which Trident does "
            "not run; use a model of an architecture that transformers knows."
        )
    if STANFORD_ARCHITECTURE in (transformer.get("architectures") or []):
        projection_shape(folder)
    elif not _saved_as_late_interaction(folder):
        raise WeightsError(
            f"The model in {folder} gives one vector a text: it was not saved by PyLate, "
            "colbert-ai or as a MultiVectorEncoder; use it for the dense column instead."
        )


def _saved_as_late_interaction(folder: Path) -> bool:
    config = _optional_json(folder / "config_sentence_transformers.json")
    return config.get("model_type") in MODEL_TYPES or bool(PYLATE_KEYS & config.keys())


def _optional_json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}
