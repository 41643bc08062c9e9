"""What keeps colbert-ai 0.2.22 quiet, away from a compiler, and working under transformers 5.

The last, `repaired`, is to be deleted once upstream works without it: a test fails on that day.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator


def import_colbert() -> None:
    """Import colbert's models with nothing on the terminal and no new environment variable.

    By itself it prints that faiss is missing, GitPython looks for git, and the class `Run`
    sets TOKENIZERS_PARALLELISM for the whole process.
    """
    before = dict(os.environ)
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    try:
        with redirect_stdout(io.StringIO()):
            import_module("colbert.modeling.checkpoint")
    finally:
        for name in ("GIT_PYTHON_REFRESH", "TOKENIZERS_PARALLELISM"):
            _restore(name, before.get(name))


@contextmanager
def no_compiler() -> Iterator[None]:
    """A checkpoint made meanwhile does not compile the C++ scoring, which encoding does not need.

    colbert builds it (over a minute) unless its class says that this has been done.
    """
    from colbert.modeling.colbert import ColBERT

    if hasattr(ColBERT, "loaded_extensions"):
        yield
        return
    ColBERT.loaded_extensions = True
    try:
        yield
    finally:
        del ColBERT.loaded_extensions


def repaired(model_class: type[Any]) -> type[Any]:
    """`HF_ColBERT` as transformers 5 expects a model: its constructor ends in `post_init`.

    Does nothing to a class whose own constructor has called it.
    """

    class RepairedColBERT(model_class):  # type: ignore[misc]  # made at run time
        # Upstream's is a list, to which early releases of transformers 5 add a set.
        _keys_to_ignore_on_load_unexpected: ClassVar[set[str]] = {r"cls"}

        def __init__(self, config: Any, colbert_config: Any):
            super().__init__(config, colbert_config)
            if not hasattr(self, "all_tied_weights_keys"):  # `post_init` would have set it
                self.post_init()

    return RepairedColBERT


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
