"""The transformer under the heads: padded token ids in, hidden states out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.runtime.backbone import Backbone, BackboneSource
from rag.encoders.runtime.choice import load_with_runtime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.settings import EncoderSettings

__all__ = ["Backbone", "load_backbone"]


def load_backbone(
    model: str,
    folder: Path,
    settings: EncoderSettings,
    layers: Sequence[int] = (-1,),
    adapter: Path | None = None,
) -> Backbone:
    """The backbone in `folder`, run by what `settings.runtime` says.

    `model` is its class as "module:name".
    `layers` are hidden states by transformers' numbering: 0 the embeddings, -1 the last.
    `adapter` is added to the weights.

    Raises: WeightsError, SettingsError for a runtime or device that cannot be used.
    """
    return load_with_runtime(BackboneSource(model, folder, tuple(layers), adapter), settings)
