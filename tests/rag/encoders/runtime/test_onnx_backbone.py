"""The backbone on ONNX Runtime: exported once, and the same vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

import rag.encoders.runtime.onnx_export as onnx_export
from rag.encoders.runtime.onnx_backbone import load_onnx, load_onnx_int8
from rag.encoders.runtime.onnx_export import Precision, exported
from rag.encoders.runtime.torch_backbone import load_reference
from rag.errors import WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_backbone import WIDTH, padded_batch, write_tiny_backbone

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.runtime.backbone import BackboneSource


def test_an_export_gives_every_layer_as_torch_does_at_any_size(source: BackboneSource) -> None:
    backbone, reference = load_onnx(source, EncoderSettings(threads=1)), load_reference(source)
    ids, mask = padded_batch()
    assert backbone.width == WIDTH
    longer = torch.arange(1, 121).reshape(3, 40) % 30 + 1
    last_ten_are_padding = (torch.arange(40) < 30).long().expand(3, 40).contiguous()
    for batch in ((ids, mask), (ids[:1], mask[:1]), (longer, last_ten_are_padding)):
        for own, right in zip(backbone(*batch), reference(*batch), strict=True):
            kept = batch[1].bool()
            torch.testing.assert_close(own[kept], right[kept], atol=1e-4, rtol=1e-3)


def test_int8_differs_by_little(source: BackboneSource) -> None:
    ids, mask = padded_batch()
    own = load_onnx_int8(source, EncoderSettings(threads=1))(ids, mask)[-1]
    right = load_reference(source)(ids, mask)[-1]
    cosine = torch.cosine_similarity(own, right, dim=-1)[mask.bool()]
    assert not torch.equal(own, right)
    assert float(cosine.min()) > 0.999


def test_a_model_is_exported_once(source: BackboneSource, monkeypatch: pytest.MonkeyPatch) -> None:
    path = exported(source, Precision.FLOAT32)
    monkeypatch.setattr(onnx_export, "WRITERS", {})
    assert exported(source, Precision.FLOAT32) == path


def test_other_layers_or_weights_are_another_file(source: BackboneSource, tmp_path: Path) -> None:
    path = exported(source, Precision.FLOAT32)
    last_only = write_tiny_backbone(tmp_path / "tiny")
    assert exported(last_only, Precision.FLOAT32) != path


def test_a_failed_export_leaves_nothing_behind(
    source: BackboneSource, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_source: BackboneSource, path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError

    monkeypatch.setattr(onnx_export, "WRITERS", {Precision.FLOAT32: fail})
    with pytest.raises(RuntimeError):
        exported(source, Precision.FLOAT32)
    assert {p.suffix for p in own_cache.rglob("*") if p.is_file()} <= {".lock"}


def test_only_the_finished_file_is_left(source: BackboneSource, own_cache: Path) -> None:
    exported(source, Precision.FLOAT32)
    files = [p.suffix for p in (own_cache / "trident" / "onnx").iterdir()]
    assert sorted(files) == [".lock", ".onnx"]


def test_a_model_beyond_one_onnx_file_is_refused(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_export, "LARGEST_WEIGHTS", 10)
    with pytest.raises(WeightsError, match=r"too large for ONNX; use torch\."):
        exported(source, Precision.FLOAT32)


def test_onnx_runtime_leaves_no_trace_of_telemetry(source: BackboneSource, own_cache: Path) -> None:
    load_onnx(source, EncoderSettings(threads=1))
    assert [path.name for path in own_cache.iterdir()] == ["trident"]
