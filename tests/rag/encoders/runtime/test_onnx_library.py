"""ONNX Runtime and the database engine live in one process, whichever is wanted first."""

from __future__ import annotations

import subprocess
import sys

import pytest

ONNX = "from rag.encoders.runtime.onnx_library import prepare; prepare(); import onnxruntime"
ENGINE = "import infinity_embedded"


@pytest.mark.parametrize("code", [f"{ONNX}; {ENGINE}", f"{ENGINE}; {ONNX}"])
def test_both_libraries_load_in_either_order(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=120)
    assert done.returncode == 0
