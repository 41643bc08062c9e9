"""ONNX Runtime made ready to be imported: quiet, and after the library that must come first."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

# The database engine's library ends the process if it is loaded after ONNX Runtime's; the
# other way round both work. Named, not imported: nothing of the engine is used here.
MUST_COME_FIRST = "infinity_embedded"
# The same holds for Ray's: its workers load it first of all, and never open a database.
TOO_LATE_AFTER = "ray"


def prepare() -> None:
    """To be called before anything of onnxruntime is imported; cheap the second time."""
    # ONNX Runtime would report its use over the network; Trident tells nobody anything.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    if TOO_LATE_AFTER not in sys.modules and find_spec(MUST_COME_FIRST):
        import_module(MUST_COME_FIRST)
