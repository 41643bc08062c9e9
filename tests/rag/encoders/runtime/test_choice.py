"""Which runtime is used: what the settings name, what was measured, else a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.encoders.runtime import choice as runtime
from rag.encoders.runtime import measurement
from rag.encoders.runtime.agreement import Agreement
from rag.encoders.runtime.load import load_backbone
from rag.encoders.runtime.onnx_backbone import OnnxBackbone
from rag.encoders.runtime.torch_backbone import TorchBackbone
from rag.errors import SettingsError, WeightsError
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.runtime.backbone import BackboneSource


CPU = EncoderSettings(device="cpu")


def test_an_unknown_runtime_is_an_error_that_names_the_known(source: BackboneSource) -> None:
    with pytest.raises(SettingsError, match="'jax', which is not known; choose of auto, torch, "):
        runtime.choose(source, EncoderSettings(runtime="jax", device="cpu"))


@pytest.mark.parametrize(("amx", "name"), [(True, "torch-bf16"), (False, "torch")])
def test_unmeasured_the_processor_decides(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch, amx: bool, name: str
) -> None:
    monkeypatch.setattr(runtime, "has_amx_bfloat16", lambda: amx)
    choice = runtime.choose(source, CPU)
    assert choice.runtime.name == name
    assert "not measured yet" in choice.why


def test_auto_makes_no_onnx_file_before_it_was_measured(
    source: BackboneSource, own_cache: Path
) -> None:
    load_backbone(source.model, source.folder, CPU)
    assert not list(own_cache.rglob("*.onnx"))


def test_what_is_named_is_used(source: BackboneSource) -> None:
    settings = EncoderSettings(runtime="onnx", device="cpu")
    assert isinstance(load_backbone(source.model, source.folder, settings), OnnxBackbone)


def test_a_runtime_with_other_vectors_is_refused_by_name_and_passed_over_by_auto(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "has_amx_bfloat16", lambda: True)
    monkeypatch.setattr(runtime, "compare", lambda *_: Agreement(pooled=0.9995, tokens=0.98))
    named = EncoderSettings(runtime="torch-bf16", device="cpu")
    with pytest.raises(SettingsError, match=r"0\.9995 pooled, 0\.9800 tokens; 0\.999 is needed"):
        load_backbone(source.model, source.folder, named)
    passed_over = load_backbone(source.model, source.folder, CPU)
    assert isinstance(passed_over, TorchBackbone)
    assert passed_over.dtype.is_floating_point
    assert passed_over.dtype.itemsize == 4


def test_agreement_is_found_once(source: BackboneSource, monkeypatch: pytest.MonkeyPatch) -> None:
    bfloat16 = runtime.RUNTIMES["torch-bf16"]
    first = runtime.agreement_of(bfloat16, source, CPU)
    monkeypatch.setattr(runtime, "compare", None)
    assert runtime.agreement_of(bfloat16, source, CPU) == first


def test_a_measurement_times_every_sound_runtime_and_decides_from_then_on(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measurement, "other_load", lambda: 0.0)
    found = measurement.measured(source, CPU)
    assert {*found.rates, *found.refused} == set(runtime.RUNTIMES)
    assert found.rates[found.fastest] == max(found.rates.values())
    assert runtime.choose(source, CPU).runtime.name == found.fastest
    monkeypatch.setattr(measurement, "measure", None)
    assert measurement.measured(source, CPU) == found


def test_a_measurement_on_a_busy_machine_decides_nothing(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measurement, "other_load", lambda: 80.0)
    found = measurement.Measurement({"torch": 1.0, "onnx": 2.0}, {})
    monkeypatch.setattr(measurement, "measure", lambda *_: found)
    assert measurement.measured(source, CPU) == found
    assert "not measured yet" in runtime.choose(source, CPU).why


def test_other_threads_need_a_measurement_of_their_own(source: BackboneSource) -> None:
    one, two = (EncoderSettings(threads=n, device="cpu") for n in (1, 2))
    assert runtime.machine_key(source, one) != runtime.machine_key(source, two)


def test_onnx_cannot_be_had_on_an_accelerator(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    settings = EncoderSettings(runtime="onnx", device="cuda")
    with pytest.raises(SettingsError, match="runs on the CPU only"):
        runtime.choose(source, settings)
    assert runtime.choose(source, EncoderSettings()).why == "the device is cuda"


def test_a_runtime_that_cannot_load_is_left_out_of_the_measurement(
    source: BackboneSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise WeightsError("The model is too large.")

    broken = {"torch": runtime.RUNTIMES["torch"], "onnx": runtime.Runtime("onnx", refuse)}
    monkeypatch.setattr(measurement, "RUNTIMES", broken)
    found = measurement.measure(source, CPU)
    assert list(found.rates) == ["torch"]
    assert found.refused == {"onnx": "The model is too large."}
