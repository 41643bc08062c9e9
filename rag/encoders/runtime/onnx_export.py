"""A transformers model as an ONNX file, made once and kept in the cache folder."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import version
from typing import TYPE_CHECKING

import torch
from filelock import FileLock

from rag.encoders.runtime.cache import atomic, cache_path
from rag.encoders.runtime.onnx_library import prepare
from rag.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from transformers import PreTrainedModel

    from rag.encoders.runtime.backbone import BackboneSource

EXPORT_FORMAT = "1"  # to be raised when this file changes what it writes
MAKERS = ("torch", "transformers", "onnx", "onnxruntime")
LARGEST_WEIGHTS = 1_500_000_000  # bytes; an ONNX file ends at 2 GiB
OPSET = 17
INT8_BLOCK = 32


class Precision(StrEnum):
    """How an exported model multiplies matrices."""

    FLOAT32 = "float32"
    INT8 = "int8"


class _HiddenStates(torch.nn.Module):
    """Only tensors in and out, as a graph needs them."""

    def __init__(self, model: PreTrainedModel, layers: tuple[int, ...]):
        super().__init__()
        self.model = model
        self.layers = layers

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = self.model(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        return tuple(states[layer] for layer in self.layers)


def exported(source: BackboneSource, precision: Precision) -> Path:
    """The ONNX file, exported unless it is in the cache. Safe with several processes.

    Raises: WeightsError for models beyond what one ONNX file can hold.
    """
    if source.weights.stat().st_size > LARGEST_WEIGHTS:
        raise WeightsError(f"The model in {source.folder} is too large for ONNX; use torch.")
    path = cache_path("onnx", _key(source, precision), ".onnx")
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.is_file():
            with atomic(path) as unfinished:
                WRITERS[precision](source, unfinished)
    return path


def _key(source: BackboneSource, precision: Precision) -> dict[str, str]:
    return {
        "format": EXPORT_FORMAT,
        "weights": source.sha256,
        "model": source.model.rpartition(":")[2],
        "layers": ",".join(map(str, source.layers)),
        "precision": precision,
        **{name: version(name) for name in MAKERS},
    }


def _write_float32(source: BackboneSource, path: Path) -> None:
    """Traced with plain attention, which ONNX Runtime's optimizer fuses into one node.

    The fused node takes of the mask only how long each text is: padding must come last.

    The tracing exporter is used because the optimizer does not know the graphs of the
    newer one: they ran 20% slower.
    """
    prepare()
    from onnxruntime.transformers.optimizer import optimize_model

    model = source.load()
    model.set_attn_implementation("eager")
    with atomic(path.with_suffix(".traced")) as traced, _quiet():
        _trace(_HiddenStates(model, source.layers), traced)
        optimized = optimize_model(
            str(traced),
            model_type="bert",
            num_heads=model.config.num_attention_heads,
            hidden_size=model.config.hidden_size,
            opt_level=0,
        )
    optimized.save_model_to_file(str(path))
    path.with_suffix(".traced").unlink()


def _trace(model: _HiddenStates, path: Path) -> None:
    names = [f"hidden_{i}" for i in range(len(model.layers))]
    axes = {0: "batch", 1: "tokens"}
    ids = torch.ones((2, 8), dtype=torch.int64)
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0  # a mask of ones would be traced away
    torch.onnx.export(
        model,
        (ids, mask),
        str(path),
        dynamo=False,
        opset_version=OPSET,
        input_names=["ids", "mask"],
        output_names=names,
        dynamic_axes=dict.fromkeys(("ids", "mask", *names), axes),
    )


def _write_int8(source: BackboneSource, path: Path) -> None:
    """Weights and, on the fly, activations as int8 with one scale for each 32 values.

    One scale for a whole tensor or channel, the usual dynamic quantisation, does not do
    for MiniLM, whose activations have outliers: cosines to float32 of .95 to .99.
    """
    prepare()
    import onnx
    from onnxruntime.quantization import matmul_nbits_quantizer as blocks

    config = blocks.DefaultWeightOnlyQuantConfig(
        block_size=INT8_BLOCK, is_symmetric=True, accuracy_level=4, bits=8
    )
    with _quiet():
        model = onnx.load(exported(source, Precision.FLOAT32))
        quantizer = blocks.MatMulNBitsQuantizer(model, algo_config=config)
        quantizer.process()
        quantizer.model.save_model_to_file(str(path))


WRITERS = {Precision.FLOAT32: _write_float32, Precision.INT8: _write_int8}


@contextmanager
def _quiet() -> Iterator[None]:
    """The tools warn of their own future and log every node."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(logging.NOTSET)
