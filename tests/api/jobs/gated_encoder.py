"""An encoder that waits to be let go on, so that a test can act while a job runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Encoding

LONGEST = 60.0  # seconds, for a test that went wrong


class GatedEncoder(TinyEncoder):
    """Encodes passages once `gate` is set, and tells by `reached` that it waits there."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.reached = threading.Event()

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        self.reached.set()
        assert self.gate.wait(LONGEST)
        return super().encode_documents(texts)
