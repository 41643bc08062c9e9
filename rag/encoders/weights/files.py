"""The files of a model in a folder: which count, what is wrong with them, their hashes."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatch
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rag.encoders.catalogue.model import ModelFile

WEIGHTS = ("model.safetensors", "pytorch_model.bin")  # the first that is there is loaded
HEADS = ("*_linear.pt",)
SETTINGS = ("*.json", "*.txt", "*.model", "artifact.metadata")
MODULES = "*[0-9]_*"  # sentence-transformers' folders of modules: 1_Pooling, query_0_Router
MODEL_PATTERNS = tuple(
    pattern for name in (*WEIGHTS, *HEADS, *SETTINGS) for pattern in (name, f"{MODULES}/{name}")
)


def model_files(folder: Path) -> list[str]:
    """Names of the files in `folder` that make up a model, sorted, one format of weights only."""
    parts = [folder, *sorted(path for path in folder.glob(MODULES) if path.is_dir())]
    names = (name for part in parts for name in _model_files_of(part))
    return sorted((part_name.relative_to(folder)).as_posix() for part_name in names)


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file; read once as long as its size and time of change stay the same."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


def problem_with(files: Iterable[ModelFile], folder: Path) -> str:
    """What is wrong with the files in `folder`, in words; empty if all are as they should be."""
    files = tuple(files)
    missing = [file.name for file in files if not (folder / file.name).is_file()]
    if missing:
        return f"lacks {', '.join(missing)}"
    problems = (_wrong_bytes(file, folder) for file in files)
    return next((problem for problem in problems if problem), "")


def _model_files_of(folder: Path) -> list[Path]:
    files = [path for path in folder.iterdir() if path.is_file()]
    kept = [path for path in files if any(fnmatch(path.name, p) for p in (*HEADS, *SETTINGS))]
    weights = (folder / name for name in WEIGHTS)
    return [*kept, *[path for path in weights if path in files][:1]]


@cache
def _sha256(
    path: Path,
    size: int,  # noqa: ARG001 - a part of the cache's key
    changed: int,  # noqa: ARG001 - as above
) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong_bytes(file: ModelFile, folder: Path) -> str:
    if file.sha256 is None:
        return ""
    sha256 = sha256_of(folder / file.name)
    if sha256 == file.sha256:
        return ""
    return f"has another {file.name}: sha256 {sha256[:12]}… instead of {file.sha256[:12]}…"
