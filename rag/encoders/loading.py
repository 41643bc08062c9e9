"""Settings into an encoder: find the weights, check them, load every model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.encoders.catalogue.architectures import load_model
from rag.encoders.catalogue.named import model_by_name
from rag.encoders.catalogue.registry import find_preset, with_models
from rag.encoders.columns import Column
from rag.encoders.weights.files import sha256_of
from rag.encoders.weights.find import find_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.encoders.catalogue.model import Model, Part
    from rag.encoders.catalogue.registry import Preset
    from rag.encoders.composite import LoadedPart
    from rag.encoders.weights.find import FoundWeights
    from rag.settings import EncoderSettings

SPECIAL_TOKENS = 2  # at least, in every model


def load_encoder(settings: EncoderSettings) -> Encoder:
    """Find, check and load the models that the settings name.

    Raises: SettingsError for an unknown preset or model, WeightsError.
    """
    from rag.encoders.composite import CompositeEncoder, LoadedPart

    preset = chosen_preset(settings)
    found = [find_weights(part.model, settings) for part in preset.parts]
    set_threads(settings.threads)
    parts = [
        LoadedPart(part, load_model(weights.path, part, settings))
        for part, weights in zip(preset.parts, found, strict=True)
    ]
    return CompositeEncoder(_info(preset, parts, found), parts)


def chosen_preset(settings: EncoderSettings) -> Preset:
    """The preset, with the models that the settings name for single columns.

    Raises: SettingsError.
    """
    preset = find_preset(settings.preset)
    named = {Column.DENSE: settings.dense, Column.SPARSE: settings.sparse}
    named[Column.TOKENS] = settings.tokens
    chosen: dict[Column, Model] = {
        column: model_by_name(name, column, offline=settings.offline)
        for column, name in named.items()
        if name
    }
    return with_models(preset, chosen) if chosen else preset


def set_threads(threads: int | None) -> None:
    """Torch's threads, which ONNX Runtime's sessions follow; None: one a core."""
    if threads is not None:
        import torch

        torch.set_num_threads(threads)


def _info(
    preset: Preset, parts: Sequence[LoadedPart], found: Sequence[FoundWeights]
) -> EncoderInfo:
    dims = {column: part.model.dims[column] for part in parts for column in part.part.columns}
    return EncoderInfo(
        preset=preset.name,
        models=tuple(
            _model_info(loaded.part, weights) for loaded, weights in zip(parts, found, strict=True)
        ),
        dense_dim=dims[Column.DENSE],
        sparse_dim=dims[Column.SPARSE],
        token_dim=dims[Column.TOKENS],
        max_tokens=min(part.model.window_tokens for part in parts) + SPECIAL_TOKENS,
        scripts=_scripts(preset),
    )


def _scripts(preset: Preset) -> frozenset[str] | None:
    """What every model of the preset reads."""
    limits = [part.model.scripts for part in preset.parts if part.model.scripts is not None]
    return frozenset.intersection(*limits) if limits else None


def _model_info(part: Part, weights: FoundWeights) -> ModelInfo:
    """What a collection remembers; an adapter's bytes are part of the name."""
    adapter = part.model.adapter
    name = f"{weights.model}+{sha256_of(adapter)[:12]}" if adapter else weights.model
    return ModelInfo(part.role, name, weights.sha256, weights.licence, str(weights.path))
