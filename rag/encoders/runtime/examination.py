"""How fast each model runs here by each runtime, in words; measured when it was not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.catalogue.architectures import ARCHITECTURES
from rag.encoders.loading import chosen_preset, set_threads
from rag.encoders.weights.find import find_weights

if TYPE_CHECKING:
    from rag.encoders.catalogue.model import Model
    from rag.encoders.runtime.backbone import BackboneSource
    from rag.encoders.runtime.measurement import Measurement
    from rag.settings import EncoderSettings


def runtime_reports(settings: EncoderSettings) -> dict[str, str]:
    """For every model with a backbone: its runtime, why, and all rates.

    Takes some 20 seconds the first time, and only where there is a choice to make.

    Raises: SettingsError, WeightsError.
    """
    set_threads(settings.threads)
    models = [part.model for part in chosen_preset(settings).parts]
    with_backbone = [m for m in models if ARCHITECTURES[m.architecture].backbone]
    return {model.name: _report(_source(model, settings), settings) for model in with_backbone}


def _source(model: Model, settings: EncoderSettings) -> BackboneSource:
    from rag.encoders.runtime.backbone import BackboneSource

    folder = find_weights(model, settings).path
    return BackboneSource(
        ARCHITECTURES[model.architecture].backbone or "", folder, adapter=model.adapter
    )


def _report(source: BackboneSource, settings: EncoderSettings) -> str:
    from rag.encoders.runtime.choice import choose
    from rag.encoders.runtime.measurement import measured

    before = choose(source, settings)
    if not before.measurable:
        return f"{before.runtime.name}: {before.why}"
    measurement = measured(source, settings)
    choice = choose(source, settings)
    return f"{choice.runtime.name}: {choice.why}; {_rates(measurement)}"


def _rates(measurement: Measurement) -> str:
    rates = [f"{name} {rate:,.0f} tokens/s" for name, rate in measurement.rates.items()]
    return "; ".join([", ".join(rates), *measurement.refused.values()])
