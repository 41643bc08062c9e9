"""Timing every runtime on a fixed workload, once a machine."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, prod
from time import perf_counter
from typing import TYPE_CHECKING

import psutil
import torch

from rag.encoders.runtime.cache import recall, remember
from rag.encoders.runtime.choice import (
    REFERENCE,
    RUNTIMES,
    Runtime,
    agreement_of,
    machine_key,
    refusal,
)
from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.encoders.runtime.backbone import Backbone, BackboneSource
    from rag.settings import EncoderSettings

WORKLOAD = (8, 128)  # texts, tokens
ROUNDS = 8
BUSY_PERCENT = 25
LOOK_SECONDS = 0.5
SECONDS = 6.0  # after which no further round begins


@dataclass(frozen=True, slots=True)
class Measurement:
    """Tokens a second of each runtime that may be used; why the others may not."""

    rates: Mapping[str, float]
    refused: Mapping[str, str]

    @property
    def fastest(self) -> str:
        """The runtime with the highest rate."""
        return max(self.rates, key=lambda name: self.rates[name])


def measured(source: BackboneSource, settings: EncoderSettings) -> Measurement:
    """The kept measurement for this machine and model, or one made now.

    One made while the machine was busy with something else is not kept: some runtimes
    suffer far more from that than others.

    Raises: WeightsError.
    """
    key = machine_key(source, settings)
    kept = recall("runtime", key)
    if kept:
        return Measurement(kept["rates"], kept["refused"])
    busy = other_load() > BUSY_PERCENT
    found = measure(source, settings)
    if not busy:
        value = {"rates": found.rates, "refused": found.refused, "fastest": found.fastest}
        remember("runtime", key, value)
    return found


def other_load() -> float:
    """Percent of all processors that is in use while this process waits."""
    return float(psutil.cpu_percent(interval=LOOK_SECONDS))


def measure(source: BackboneSource, settings: EncoderSettings) -> Measurement:
    """Check and time every runtime on the CPU. Raises: WeightsError from the reference."""
    problems = {r.name: _problem(r, source, settings) for r in RUNTIMES.values()}
    sound = [name for name, problem in problems.items() if not problem]
    backbones = {name: RUNTIMES[name].load(source, settings) for name in sound}
    refused = {name: problem for name, problem in problems.items() if problem}
    return Measurement(tokens_per_second(backbones), refused)


def tokens_per_second(backbones: Mapping[str, Backbone]) -> dict[str, float]:
    """The rate of each backbone's best pass.

    They take turns, so that what else the machine does meets all of them. Their first
    passes set things up and do not count.
    """
    for backbone in backbones.values():
        _seconds(backbone)
    best = dict.fromkeys(backbones, inf)
    started = perf_counter()
    for _ in range(ROUNDS):
        for name, backbone in backbones.items():
            best[name] = min(best[name], _seconds(backbone))
        if perf_counter() - started > SECONDS:
            break
    return {name: prod(WORKLOAD) / seconds for name, seconds in best.items()}


def _seconds(backbone: Backbone) -> float:
    ids = torch.ones(WORKLOAD, dtype=torch.int64)
    started = perf_counter()
    backbone(ids, torch.ones_like(ids))
    return perf_counter() - started


def _problem(runtime: Runtime, source: BackboneSource, settings: EncoderSettings) -> str:
    if runtime.name == REFERENCE:
        return ""
    try:
        agreement = agreement_of(runtime, source, settings)
    except TridentError as error:
        return str(error)
    return "" if agreement.good else refusal(runtime, agreement)
