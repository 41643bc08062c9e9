"""The backbone on ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from rag.encoders.runtime.onnx_export import Precision, exported
from rag.encoders.runtime.onnx_library import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.runtime.backbone import BackboneSource
    from rag.settings import EncoderSettings


class OnnxBackbone:
    """An exported model on the CPU. A session may be run from several threads."""

    def __init__(self, path: Path, threads: int):
        prepare()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors; the rest is of no use to anyone here
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    @property
    def width(self) -> int:
        """Width of one layer's hidden states."""
        return int(self._session.get_outputs()[0].shape[-1])

    def __call__(self, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """Hidden states of each layer asked for, float32 [n, t, width]."""
        states = self._session.run(None, {"ids": ids.numpy(), "mask": mask.numpy()})
        return [torch.from_numpy(state) for state in states]


def load_onnx(source: BackboneSource, settings: EncoderSettings) -> OnnxBackbone:
    """Float32. Raises: WeightsError."""
    return OnnxBackbone(exported(source, Precision.FLOAT32), _threads(settings))


def load_onnx_int8(source: BackboneSource, settings: EncoderSettings) -> OnnxBackbone:
    """Int8 matrix products in blocks of 32. Raises: WeightsError."""
    return OnnxBackbone(exported(source, Precision.INT8), _threads(settings))


def _threads(settings: EncoderSettings) -> int:
    return settings.threads or torch.get_num_threads()
