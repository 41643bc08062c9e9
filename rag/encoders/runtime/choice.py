"""Which runtime a backbone gets: the registry, and the choice that `auto` makes.

Two encoders with one identity count as exchangeable whatever runs them. That holds
because every runtime but the reference is compared with it before it is used (once; the
verdict is kept), and refused when its vectors differ.

`auto` uses what was measured fastest here, if that was ever measured: `trident doctor`
does it, in some 20 seconds, and keeps the result (unless the machine was busy) until
processor, threads, versions or weights change. A first question does not wait for that:
unmeasured, bfloat16 is used where the processor multiplies it in hardware (AMX: 2.3 to 2.7
times float32's rate), else float32. ONNX files are thus made only by `trident doctor` or
when the settings name such a runtime.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeAlias

from rag.encoders.runtime.agreement import LEAST_COSINE, Agreement, compare
from rag.encoders.runtime.cache import recall, remember
from rag.encoders.runtime.machine import has_amx_bfloat16, stamp
from rag.encoders.runtime.onnx_backbone import load_onnx, load_onnx_int8
from rag.encoders.runtime.torch_backbone import (
    load_reference,
    load_torch,
    load_torch_bfloat16,
    pick_device,
)
from rag.errors import SettingsError

if TYPE_CHECKING:
    from rag.encoders.runtime.backbone import Backbone, BackboneSource
    from rag.settings import EncoderSettings

Load: TypeAlias = Callable[["BackboneSource", "EncoderSettings"], "Backbone"]

AUTO = "auto"
REFERENCE = "torch"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A way to run a backbone; those but the reference run on the CPU only."""

    name: str
    load: Load


RUNTIMES = {
    runtime.name: runtime
    for runtime in (
        Runtime(REFERENCE, load_torch),
        Runtime("torch-bf16", load_torch_bfloat16),
        Runtime("onnx", load_onnx),
        Runtime("onnx-int8", load_onnx_int8),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A runtime, and why it; `measurable` says that a measurement decides or would."""

    runtime: Runtime
    why: str
    measurable: bool = False


def load_with_runtime(source: BackboneSource, settings: EncoderSettings) -> Backbone:
    """Load by the runtime that the settings name or `auto` chooses.

    Raises: SettingsError for an unknown runtime or one whose vectors differ, WeightsError.
    """
    choice = choose(source, settings)
    if choice.runtime.name != REFERENCE:
        agreement = agreement_of(choice.runtime, source, settings)
        if not agreement.good and settings.runtime != AUTO:
            raise SettingsError(
                f"encoder.runtime cannot be used: {refusal(choice.runtime, agreement)}."
            )
        if not agreement.good:
            return load_torch(source, settings)
    return choice.runtime.load(source, settings)


def choose(source: BackboneSource, settings: EncoderSettings) -> Choice:
    """What the settings name; for `auto` the fastest measured, else a rule of thumb.

    Raises: SettingsError for an unknown runtime, or one that cannot use the device.
    """
    device = pick_device(settings.device)
    if settings.runtime != AUTO:
        return Choice(_named(settings.runtime, settings.device), "encoder.runtime names it")
    if device.type != "cpu":
        return Choice(RUNTIMES[REFERENCE], f"the device is {device.type}")
    fastest = (recall("runtime", machine_key(source, settings)) or {}).get("fastest")
    if fastest in RUNTIMES:
        return Choice(RUNTIMES[fastest], "the fastest in a measurement on this machine", True)
    if has_amx_bfloat16():
        return Choice(RUNTIMES["torch-bf16"], "not measured yet; the processor has AMX", True)
    return Choice(RUNTIMES[REFERENCE], "not measured yet; the processor has no AMX", True)


def agreement_of(runtime: Runtime, source: BackboneSource, settings: EncoderSettings) -> Agreement:
    """How well a runtime's vectors agree with the reference's; found once and kept.

    Raises: WeightsError.
    """
    layers = ",".join(map(str, source.layers))
    key = {**machine_key(source, settings), "runtime": runtime.name, "layers": layers}
    if kept := recall("agreement", key):
        return Agreement(kept["pooled"], kept["tokens"])
    found = compare(load_reference(source), runtime.load(source, settings), source.folder)
    remember("agreement", key, asdict(found))
    return found


def refusal(runtime: Runtime, agreement: Agreement) -> str:
    """Why a runtime is not used, in words."""
    return (
        f"{runtime.name} gives this model other vectors (cosine {agreement.pooled:.4f} pooled, "
        f"{agreement.tokens:.4f} tokens; {LEAST_COSINE} is needed)"
    )


def machine_key(source: BackboneSource, settings: EncoderSettings) -> dict[str, str]:
    """All that speed and rounding depend on."""
    return {"weights": source.sha256, **stamp(settings.threads)}


def _named(name: str, device: str) -> Runtime:
    if name not in RUNTIMES:
        known = ", ".join((AUTO, *RUNTIMES))
        raise SettingsError(f"encoder.runtime is {name!r}, which is not known; choose of {known}.")
    if name != REFERENCE and device not in {"auto", "cpu"}:
        raise SettingsError(
            f"encoder.runtime {name} runs on the CPU only, and encoder.device is {device}; "
            f"set the runtime to {REFERENCE}."
        )
    return RUNTIMES[name]
