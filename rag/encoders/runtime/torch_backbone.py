"""The backbone on torch: the reference, on the processor or an accelerator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from rag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedModel

    from rag.encoders.runtime.backbone import BackboneSource
    from rag.settings import EncoderSettings

CPU = torch.device("cpu")


class TorchBackbone:
    """A transformers model on one device in one precision."""

    def __init__(
        self,
        model: PreTrainedModel,
        layers: Sequence[int] = (-1,),
        device: torch.device = CPU,
        dtype: torch.dtype = torch.float32,
    ):
        torch.nn.Module.to(model, device=device, dtype=dtype)
        self._model = model
        self._layers = tuple(layers)
        self._device = device

    @property
    def width(self) -> int:
        """Width of one layer's hidden states."""
        return int(self._model.config.hidden_size)

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in."""
        return self._model.dtype

    def __call__(self, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """Hidden states of each layer asked for, float32 [n, t, width] on the CPU."""
        with torch.inference_mode():
            output = self._model(
                input_ids=ids.to(self._device),
                attention_mask=mask.to(self._device),
                output_hidden_states=True,
            )
        return [output.hidden_states[layer].to(CPU, torch.float32) for layer in self._layers]


def load_torch(source: BackboneSource, settings: EncoderSettings) -> TorchBackbone:
    """Float32 on the CPU, half precision on an accelerator. Raises: WeightsError."""
    device = pick_device(settings.device)
    return _load(source, device, precision(device))


def load_reference(source: BackboneSource) -> TorchBackbone:
    """Float32 on the CPU: what every other way is compared with. Raises: WeightsError."""
    return _load(source, CPU, torch.float32)


def load_torch_bfloat16(source: BackboneSource, _settings: EncoderSettings) -> TorchBackbone:
    """Bfloat16 on the CPU. Raises: WeightsError."""
    return _load(source, CPU, torch.bfloat16)


def pick_device(wanted: str) -> torch.device:
    """The device by name; `auto`: an accelerator when there is one.

    Raises: SettingsError for one that is not there.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    there["cpu"] = True
    if wanted == "auto":
        return torch.device(next(name for name, found in there.items() if found))
    if not there[wanted]:
        raise SettingsError(f"encoder.device is {wanted}, which torch cannot use here; set auto.")
    return torch.device(wanted)


def precision(device: torch.device) -> torch.dtype:
    """What a device computes fast without harm to the vectors."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float16 if device.type == "mps" else torch.float32


def _load(source: BackboneSource, device: torch.device, dtype: torch.dtype) -> TorchBackbone:
    model = source.load()
    return TorchBackbone(model, source.layers, device, dtype)
