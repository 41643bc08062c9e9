from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

import pytest

from rag.store.quiet import stdout_to

if TYPE_CHECKING:
    from pathlib import Path

LIBC = ctypes.CDLL(None)


def test_what_native_code_prints_goes_to_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    print("before")
    with stdout_to(log):
        os.write(1, b"unbuffered\n")
        LIBC.puts(b"in C's buffer")
    print("after")
    assert capfd.readouterr().out == "before\nafter\n"
    assert log.read_text() == "unbuffered\nin C's buffer\n"


def test_standard_output_is_restored_after_an_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError), stdout_to(tmp_path / "log"):
        raise RuntimeError
    os.write(1, b"here again\n")
    assert capfd.readouterr().out == "here again\n"


def test_no_descriptor_is_leaked(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        with stdout_to(tmp_path / "log"):
            pass
    assert len(os.listdir("/proc/self/fd")) == before
