"""What a backbone is, and what it is loaded from."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol

from rag.encoders.families.forward import load_pretrained
from rag.encoders.runtime.adapter import merge_adapter
from rag.encoders.weights.files import WEIGHTS, sha256_of
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from transformers import PreTrainedModel


class Backbone(Protocol):
    """A transformer. Safe to call from several threads. Needs no gradients."""

    @property
    def width(self) -> int:
        """Width of one layer's hidden states."""
        ...

    def __call__(self, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """Hidden states of each layer asked for, float32 [n, t, width] on the CPU.

        `ids` and `mask` are int64 [n, t]; padding comes last in each text, and its rows of
        hidden states hold anything.
        """
        ...


@dataclass(frozen=True, slots=True)
class BackboneSource:
    """A transformers model in a folder, and the layers whose hidden states are wanted.

    `model` is the class as "module:name": what runs an export of it never imports it, which takes
    seconds. `layers` are numbered as in transformers: 0 the embeddings, -1 the last. `adapter` is a
    file of `rag.encoders.runtime.adapter`.
    """

    model: str
    folder: Path
    layers: tuple[int, ...] = (-1,)
    adapter: Path | None = None

    def load(self) -> PreTrainedModel:
        """The model in float32 with its adapter merged. Raises: WeightsError."""
        kind: type[PreTrainedModel] = resolve_name(self.model)
        model = load_pretrained(kind, self.folder, add_pooling_layer=False)
        if self.adapter:
            merge_adapter(model, self.adapter)
        return model

    @property
    def weights(self) -> Path:
        """The file of weights. Raises: WeightsError when there is none."""
        for name in WEIGHTS:
            if (self.folder / name).is_file():
                return self.folder / name
        raise WeightsError(
            f"{self.folder} holds no weights ({' or '.join(WEIGHTS)}); fetch the model again."
        )

    @property
    def sha256(self) -> str:
        """Which weights these are, the adapter's included."""
        adapter = f"+{sha256_of(self.adapter)}" if self.adapter else ""
        return sha256_of(self.weights) + adapter
