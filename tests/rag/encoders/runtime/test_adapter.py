"""A low-rank adapter is added to the weights that it names, and refused by other models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from rag.encoders.runtime.adapter import merge_adapter, read_tensors
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def model() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(5, 3), torch.nn.Linear(3, 2))


def adapter(path: Path, module: str = "1", width: int = 3) -> Path:
    torch.manual_seed(1)
    tensors = {
        f"adapter.{module}.a": torch.randn(2, width),
        f"adapter.{module}.b": torch.randn(2, 2),
        "heads.other": torch.ones(1),
    }
    save_file({name: tensor.half() for name, tensor in tensors.items()}, path)
    return path


def test_the_product_is_added_to_its_module_and_to_no_other(
    model: torch.nn.Sequential, tmp_path: Path
) -> None:
    first, second = (layer.weight.detach().clone() for layer in model)
    file = adapter(tmp_path / "a.safetensors")
    merge_adapter(model, file)
    tensors = read_tensors(file, "adapter.")
    expected = second + tensors["1.b"].float() @ tensors["1.a"].float()
    assert torch.equal(model[0].weight, first)
    assert torch.allclose(model[1].weight, expected)


@pytest.mark.parametrize(("module", "width"), [("7", 3), ("1", 4)])
def test_an_adapter_of_another_model_is_refused(
    model: torch.nn.Module, tmp_path: Path, module: str, width: int
) -> None:
    file = adapter(tmp_path / "a.safetensors", module, width)
    with pytest.raises(WeightsError, match=f"does not fit its model at {module}"):
        merge_adapter(model, file)


def test_a_broken_file_is_named(model: torch.nn.Module, tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"no tensors")
    with pytest.raises(WeightsError, match=r"a\.safetensors cannot be read"):
        merge_adapter(model, tmp_path / "a.safetensors")
