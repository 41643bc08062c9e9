"""A low-rank adapter, added to a transformer's weights when it is loaded.

LoRA (Hu et al. 2021, arXiv:2106.09685): W becomes W + B·A, where A is [r, in] and B is
[out, r]; merged, it costs nothing to run. An adapter is a safetensors file with the keys
`adapter.MODULE.a` and `adapter.MODULE.b` (B with its scale); other keys are not its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open

from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

PREFIX, DOWN, UP = "adapter.", ".a", ".b"


def merge_adapter(model: torch.nn.Module, file: Path) -> None:
    """Add every product of the file to its module's weight.

    Raises: WeightsError for a file that cannot be read or is of another model.
    """
    tensors = read_tensors(file, PREFIX)
    for name in {key.removesuffix(DOWN).removesuffix(UP) for key in tensors}:
        try:
            weight = model.get_submodule(name).get_parameter("weight")
            with torch.no_grad():
                weight.add_(tensors[name + UP].float() @ tensors[name + DOWN].float())
        except (AttributeError, KeyError, RuntimeError) as error:
            raise WeightsError(f"The adapter {file} does not fit its model at {name}.") from error


def read_tensors(file: Path, prefix: str) -> dict[str, torch.Tensor]:
    """The tensors whose names begin with `prefix`, by the rest of their names.

    Raises: WeightsError.
    """
    try:
        with safe_open(file, "pt") as tensors:
            names = [name for name in tensors.keys() if name.startswith(prefix)]  # noqa: SIM118 - no dict
            return {name.removeprefix(prefix): tensors.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The file {file} cannot be read: {error}.") from error
