"""Which folders may be loaded as a `MultiVectorEncoder` without inventing weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.encoders.catalogue.recognise import STANFORD, is_marked
from rag.encoders.families.colbert.layout import projection_shape, read_json
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path


def check_layout(folder: Path) -> None:
    """Refuse a folder that was not saved as a late-interaction model.

    sentence-transformers turns any sentence encoder into a `MultiVectorEncoder` by adding
    a projection of random numbers, without an error.

    Raises: WeightsError; SettingsError when a file that should tell cannot be read.
    """
    transformer = _optional_json(folder / "config.json")
    if "AutoModel" in transformer.get("auto_map", {}):
        raise WeightsError(
            f"The model in {folder} needs Python code from its own repository, which Trident does "
            "not run; use a model of an architecture that transformers knows."
        )
    if not is_marked("multi-vector", folder):
        raise WeightsError(
            f"The model in {folder} gives one vector a text: it was not saved by PyLate, "
            "colbert-ai or as a MultiVectorEncoder; use it for the dense column instead."
        )
    if STANFORD in (transformer.get("architectures") or []):
        projection_shape(folder)


def _optional_json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}
