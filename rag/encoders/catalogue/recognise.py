"""Which architecture a folder of model files has, told from what its maker's library wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY_CONFIG = "config_sentence_transformers.json"
STANFORD = "HF_ColBERT"  # colbert-ai's class, which Stanford's checkpoints name


@dataclass(frozen=True, slots=True)
class Marker:
    """What gives an architecture away: files that are all there, and an entry in the last.

    The entry at `key` must be (or, if it is a list, hold) one of `values`, or end with
    `ending`; without both it must only exist.
    """

    architecture: str
    files: tuple[str, ...]
    key: str = ""
    values: frozenset[str] = frozenset()
    ending: str = ""


# In this order: a BGE-M3 folder is also one of sentence-transformers, a Stanford checkpoint
# may be one too. sentence-transformers 5 and later write their class as model_type; PyLate
# writes ColBERT, before 1.2 nothing but its prefixes; of older dense models only the modules
# tell.
MARKERS = (
    Marker("bge-m3", ("sparse_linear.pt", "colbert_linear.pt")),
    Marker("colbert", ("artifact.metadata",)),
    Marker(
        "multi-vector",
        (LIBRARY_CONFIG,),
        "model_type",
        frozenset({"MultiVectorEncoder", "ColBERT"}),
    ),
    Marker("multi-vector", ("modules.json", LIBRARY_CONFIG), "query_prefix"),
    Marker("multi-vector", ("config.json",), "architectures", frozenset({STANFORD})),
    Marker("sparse-encoder", (LIBRARY_CONFIG,), "model_type", frozenset({"SparseEncoder"})),
    Marker("sparse-encoder", ("modules.json",), "type", frozenset({"SpladePooling"})),
    Marker("sentence-transformer", ("modules.json",), "type", frozenset({"Pooling"})),
    Marker("splade", ("config.json",), "architectures", frozenset({"BertForMaskedLM"})),
    Marker("cross-encoder", (LIBRARY_CONFIG,), "model_type", frozenset({"CrossEncoder"})),
    Marker("cross-encoder", ("config.json",), "architectures", ending="ForSequenceClassification"),
)


def recognise(folder: Path) -> str:
    """The architecture of the model in `folder`, a key of ARCHITECTURES; nothing is loaded.

    Raises: SettingsError if nothing known is there, or a file cannot be read.
    """
    for marker in MARKERS:
        if _holds(marker, folder):
            return marker.architecture
    raise SettingsError(
        f"The model in {folder} is of no kind that Trident knows: it has none of "
        f"{'; '.join(map(_words, MARKERS))}."
    )


def is_marked(architecture: str, folder: Path) -> bool:
    """Whether the files in `folder` say that a model is of this architecture.

    They may say so of several: `recognise` decides. Raises: SettingsError as there.
    """
    return any(_holds(marker, folder) for marker in MARKERS if marker.architecture == architecture)


def _holds(marker: Marker, folder: Path) -> bool:
    if not all((folder / name).is_file() for name in marker.files):
        return False
    if not marker.key:
        return True
    entries = _entries(folder / marker.files[-1], marker.key)
    if marker.ending:
        return any(entry.endswith(marker.ending) for entry in entries)
    return bool(entries & marker.values if marker.values else entries)


def _entries(path: Path, key: str) -> set[str]:
    """What a JSON object has at `key`, or each object of a list; of a class its own name."""
    content = _read_json(path)
    objects = content if isinstance(content, list) else [content]
    found = [entry[key] for entry in objects if isinstance(entry, dict) and key in entry]
    values = (value for each in found for value in (each if isinstance(each, list) else [each]))
    return {str(value).rpartition(".")[2] for value in values}


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as JSON: {error}; fetch it again.") from error


def _words(marker: Marker) -> str:
    files = " and ".join(marker.files)
    if not marker.key:
        return files
    values = [*sorted(marker.values), *([f"…{marker.ending}"] if marker.ending else [])]
    return f"{files} with {marker.key} {' or '.join(values)}".rstrip()
