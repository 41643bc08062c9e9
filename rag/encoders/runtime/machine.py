"""The processor at hand, as far as the speed of encoding depends on it."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import torch

CPU_DESCRIPTION = Path("/proc/cpuinfo")
PACKAGES = ("torch", "transformers", "onnxruntime")


def has_amx_bfloat16() -> bool:
    """Whether matrices of bfloat16 are multiplied in hardware (Intel AMX; Linux only)."""
    return "amx_bf16" in cpu_lines("flags").split()


def stamp(threads: int | None) -> dict[str, str]:
    """Processor, threads and versions."""
    return {
        "cpu": cpu_lines("model name") or platform.processor(),
        "flags": cpu_lines("flags"),
        "threads": str(threads or torch.get_num_threads()),
        **{name: version(name) for name in PACKAGES},
    }


@cache
def cpu_lines(field: str) -> str:
    """The first processor's value of a field of the kernel's description; "": none."""
    if not CPU_DESCRIPTION.exists():
        return ""
    lines = CPU_DESCRIPTION.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((ln.partition(":")[2].strip() for ln in lines if ln.startswith(field)), "")
