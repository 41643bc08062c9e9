"""A linear layer in a file of its own, beside the transformer that it belongs to."""

from __future__ import annotations

from pickle import UnpicklingError
from typing import TYPE_CHECKING, NamedTuple

import torch

from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path


class LinearHead(NamedTuple):
    """The arguments of `torch.nn.functional.linear`: float32 [out, in] and [out]."""

    weight: torch.Tensor
    bias: torch.Tensor


def load_linear_head(file: Path, inputs: int, outputs: int | None = None) -> LinearHead:
    """Read the state of a `torch.nn.Linear`, of any floating type; never run code from it.

    `outputs` None: whatever the file says. Raises: WeightsError for a missing or broken
    file, and for other shapes.
    """
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
        head = LinearHead(state["weight"].float(), state["bias"].float())
    except (OSError, UnpicklingError, RuntimeError, EOFError, KeyError, TypeError) as error:
        raise WeightsError(
            f"The model's head {file} cannot be read ({_reason(error)}); fetch the model again."
        ) from error
    wanted = (outputs or head.weight.shape[0], inputs)
    if (head.weight.shape, head.bias.shape) != (wanted, wanted[:1]):
        raise WeightsError(
            f"The model's head {file} has weights of shape {list(head.weight.shape)} instead of "
            f"{list(wanted)}; fetch the model again."
        )
    return head


def _reason(error: Exception) -> str:
    """The first line of what went wrong, since torch writes whole paragraphs."""
    return f"{type(error).__name__}: {str(error).partition('.')[0]}"
