"""colbert-ai loads without a trace: nothing printed, compiled or left changed behind."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rag.encoders.families.colbert.checkpoint import open_checkpoint
from rag.encoders.families.colbert.patch import repaired
from tests.rag.encoders.tiny_colbert import DIM, QUERY_MAXLEN, QUESTION, stanford_folder

if TYPE_CHECKING:
    from pathlib import Path

REMOVE = (
    "colbert-ai loads under this transformers without our repair: take `repaired` out of "
    "rag/encoders/families/colbert/patch.py and colbert_checkpoint.py, and this test with it."
)

# Encodes in a process of its own where any attempt to compile ends in an error, and reports.
ENCODE = """
import json, os, sys
from pathlib import Path
import torch.utils.cpp_extension as cpp

VARIABLES = ["GIT_PYTHON_REFRESH", "TOKENIZERS_PARALLELISM"]

def refuse(*args, **options):
    raise SystemExit("a compiler was started")

cpp.load = cpp.load_inline = cpp._jit_compile = refuse
before = dict(os.environ)
from rag.encoders.families.colbert.model import ColbertModel
from tests.rag.encoders.tiny_colbert import part, settings

model = ColbertModel(Path(sys.argv[1]), part("colbert"), settings())
rows = model.encode_questions([sys.argv[2]])[0].tokens.vectors.shape
from colbert.infra.run import Run
from colbert.modeling import base_colbert, hf_colbert
from colbert.modeling.colbert import ColBERT

json.dump({
    "rows": rows,
    "environment": [k for k in VARIABLES if before.get(k) != os.environ.get(k)],
    "run": Run._instance is not None,
    "marked_as_built": hasattr(ColBERT, "loaded_extensions"),
    "factory_replaced": base_colbert.class_factory is not hf_colbert.class_factory,
}, sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stanford_folder(tmp_path_factory.mktemp("colbert"))


@pytest.fixture(scope="module")
def encoded(folder: Path) -> tuple[str, dict[str, Any]]:
    """What the process above prints, and its report; it finds no compiler on its path."""
    done = subprocess.run(
        [sys.executable, "-c", ENCODE, str(folder), QUESTION],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/nonexistent", "HF_HUB_OFFLINE": "1", "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    *warnings, report = done.stderr.splitlines()
    return done.stdout + "\n".join(warnings), json.loads(report)


def test_encoding_needs_no_compiler(encoded: tuple[str, dict[str, Any]]) -> None:
    assert encoded[1]["rows"] == [QUERY_MAXLEN, DIM]


def test_nothing_is_printed(encoded: tuple[str, dict[str, Any]]) -> None:
    assert encoded[0] == ""


def test_the_environment_is_left_as_it_was(encoded: tuple[str, dict[str, Any]]) -> None:
    assert encoded[1]["environment"] == []


def test_no_global_run_is_made(encoded: tuple[str, dict[str, Any]]) -> None:
    assert not encoded[1]["run"]


def test_colbert_itself_is_left_as_it_was(encoded: tuple[str, dict[str, Any]]) -> None:
    assert not encoded[1]["marked_as_built"]
    assert not encoded[1]["factory_replaced"]


def test_the_repair_is_still_needed(folder: Path) -> None:
    open_checkpoint(folder)  # so that colbert is imported as it is meant to be
    assert "all_tied_weights_keys" in load_as_upstream_does(str(folder)), REMOVE


def load_as_upstream_does(folder: str) -> str:
    """What goes wrong without our repair; nothing, once upstream has one."""
    from colbert.infra.config import ColBERTConfig
    from colbert.modeling.hf_colbert import class_factory

    try:
        class_factory(folder).from_pretrained(folder, ColBERTConfig(dim=DIM))
    except AttributeError as error:
        return str(error)
    return ""


def test_the_repair_leaves_a_sound_class_alone() -> None:
    calls: list[str] = []

    class Sound:
        def __init__(self, config: Any, colbert_config: Any) -> None:
            self.post_init()

        def post_init(self) -> None:
            self.all_tied_weights_keys: dict[str, str] = {}
            calls.append("post_init")

    repaired(Sound)(None, None)
    assert calls == ["post_init"]
