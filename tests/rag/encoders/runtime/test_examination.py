"""What the doctor says of runtimes: which is used and why, without needless measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rag.encoders.runtime.measurement as measurement
from rag.encoders.runtime.examination import runtime_reports
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    import pytest


def test_a_runtime_that_the_settings_name_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measurement, "measured", None)
    reports = runtime_reports(EncoderSettings(runtime="torch", device="cpu", offline=True))
    assert set(reports.values()) == {"torch: encoder.runtime names it"}


def test_rates_and_refusals_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = measurement.Measurement(
        {"torch": 10_000.4, "onnx": 9_000.0},
        {"onnx-int8": "onnx-int8 gives this model other vectors"},
    )
    monkeypatch.setattr(measurement, "measured", lambda *_: found)
    (report, *_) = runtime_reports(EncoderSettings(device="cpu", offline=True)).values()
    assert "torch 10,000 tokens/s, onnx 9,000 tokens/s; onnx-int8 gives" in report
