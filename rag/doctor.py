"""Whether this machine can run Trident: one finding a question, with what mends a fault."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from rag.encoders.loading import chosen_preset
from rag.encoders.runtime.examination import runtime_reports
from rag.encoders.weights.find import find_weights
from rag.errors import TridentError
from rag.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.settings import Settings, StoreSettings

PACKAGES = (
    "infinity-sdk",
    "infinity-embedded-sdk",
    "torch",
    "transformers",
    "sentence-transformers",
    "colbert-ai",
    "langchain",
    "fastapi",
)
CPU_FLAGS = Path("/proc/cpuinfo")
NEEDED_DISK_GIB = 2
NEEDED_MEMORY_GIB = 2
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `mend` says what to do when `ok` is false."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; never raises for a fault that it can report."""
    return [
        _python(),
        _platform(),
        _vector_instructions(),
        *_packages(),
        *_weights(settings),
        *_runtimes(settings),
        _memory(),
        _disk(settings.store.path),
        _database(settings.store),
    ]


def _python() -> Finding:
    return Finding(
        "python",
        (3, 11) <= sys.version_info < (3, 13),
        platform.python_version(),
        "Use Python 3.11 or 3.12.",
    )


def _platform() -> Finding:
    here = f"{sys.platform} {platform.machine()}"
    return Finding(
        "platform",
        here == "linux x86_64",
        here,
        "The embedded engine needs Linux on x86-64; use a virtual machine or a container.",
    )


def _vector_instructions() -> Finding:
    flags = CPU_FLAGS.read_text().split() if CPU_FLAGS.exists() else []
    known = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "amx_int8") if flag in flags]
    return Finding(
        "cpu",
        "avx2" in known,
        f"{psutil.cpu_count(logical=True)} cores, {' '.join(known) or 'no AVX2'}",
        "The engine needs a processor with AVX2.",
    )


def _packages() -> Iterator[Finding]:
    for package in PACKAGES:
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, False, "not installed", "Run `make install`.")


def _weights(settings: Settings) -> Iterator[Finding]:
    for model in (part.model for part in chosen_preset(settings.encoder).parts):
        try:
            found = find_weights(model, settings.encoder)
        except TridentError as error:
            yield Finding(f"weights {model.name}", False, "not usable", str(error))
        else:
            detail = f"{found.path} ({found.source}), sha256 {found.sha256}, {found.licence}"
            yield Finding(f"weights {model.name}", True, detail)


def _runtimes(settings: Settings) -> Iterator[Finding]:
    try:
        reports = runtime_reports(settings.encoder)
    except TridentError as error:
        yield Finding("runtime", False, "not usable", str(error))
    else:
        for model, report in reports.items():
            yield Finding(f"runtime {model}", True, report)


def _memory() -> Finding:
    free = psutil.virtual_memory().available / GIB
    return Finding(
        "memory",
        free >= NEEDED_MEMORY_GIB,
        f"{free:.1f} GiB available",
        f"Models and engine need about {NEEDED_MEMORY_GIB} GiB; close something.",
    )


def _disk(path: Path) -> Finding:
    existing = next(p for p in (path, *path.parents) if p.exists())
    free = shutil.disk_usage(existing).free / GIB
    return Finding(
        "disk",
        free >= NEEDED_DISK_GIB,
        f"{free:.1f} GiB free at {existing}",
        "Free some space, or set TRIDENT_STORE__PATH to a larger disk.",
    )


def _database(settings: StoreSettings) -> Finding:
    place = settings.uri or str(settings.path)
    if settings.uri is None and not settings.path.exists():
        return Finding("database", True, f"none yet at {place}")
    try:
        store = open_store(settings)
    except TridentError as error:
        return Finding("database", False, place, str(error))
    try:
        names = [f"{c.spec.name} ({c.rows} chunks)" for c in store.collections()]
        detail = f"{place}, engine {store.engine_version}: {', '.join(names) or 'no collections'}"
        return Finding("database", True, detail)
    finally:
        store.close()
