"""The transformer's upper layers with a trainable low-rank adapter (LoRA, Hu et al. 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import normalize

from rag.encoders.families.minilm import mean_pool
from rag.encoders.runtime.adapter import DOWN, PREFIX, UP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transformers import PreTrainedModel

    from indexers.training.states import PaddedBatch

ADAPTED = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Content tokens of n texts one after the other: unit `states` float32 [t, h], `ids`
    [t], `lengths` of the texts; `dense` float32 [n, h]; `plain` that of the unchanged model."""

    states: torch.Tensor
    ids: torch.Tensor
    lengths: list[int]
    dense: torch.Tensor
    plain: torch.Tensor


class UpperLayers(torch.nn.Module):
    """Layers from `first` on; all but the adapter is frozen."""

    def __init__(self, model: PreTrainedModel, first: int, rank: int):
        from peft import LoraConfig, inject_adapter_in_model

        super().__init__()
        self._first = first
        encoder: Any = model.get_submodule("encoder.layer")
        layers = torch.nn.ModuleList(list(encoder)[first:]).requires_grad_(False)
        config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=ADAPTED)
        self.layers: Any = inject_adapter_in_model(config, layers)

    def encode(self, batch: PaddedBatch) -> Encoded:
        """Run the layers on what the lower ones gave."""
        seen = batch.mask.bool()[:, None, None, :]
        hidden = batch.states
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.layers:
                hidden = layer(hidden, seen.expand(-1, -1, hidden.shape[1], -1))
        hidden = hidden.float()
        return Encoded(
            states=normalize(hidden[batch.content], dim=-1),
            ids=batch.ids[batch.content],
            lengths=batch.content.sum(1).tolist(),
            dense=mean_pool(hidden, batch.mask),
            plain=batch.dense,
        )

    def adapter(self) -> dict[str, torch.Tensor]:
        """The adapter as `rag.encoders.runtime.adapter` reads it, float16."""
        return dict(self._products())

    def _products(self) -> Iterator[tuple[str, torch.Tensor]]:
        for name, module in self.layers.named_modules():
            if not hasattr(module, "lora_A"):
                continue
            layer, _, inside = name.partition(".")
            full = f"{PREFIX}encoder.layer.{int(layer) + self._first}.{inside}"
            scale = module.scaling["default"]
            yield full + DOWN, module.lora_A["default"].weight.detach().half()
            yield full + UP, (scale * module.lora_B["default"].weight.detach()).half()
