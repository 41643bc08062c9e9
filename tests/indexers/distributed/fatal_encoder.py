"""An encoder that ends its process, once."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from rag.errors import WeightsError
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.types import Encoding


class FatalEncoder(TinyEncoder):
    """The first call that meets `word` leaves a line in `log` and kills; later ones only log."""

    def __init__(self, log: Path, word: str, counting: bool) -> None:
        super().__init__()
        self._log = log
        self._word = word
        self._counting = counting

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        if not self._counting and any(self._word in text for text in texts):
            self._meet()
        return super().encode_documents(texts)

    def count_tokens(self, text: str) -> int:
        if self._counting and self._word in text:
            self._meet()
        return super().count_tokens(text)

    def _meet(self) -> None:
        first = not self._log.exists()
        with self._log.open("a") as log:
            log.write(f"{os.getpid()}\n")
        if first:
            os.kill(os.getpid(), signal.SIGKILL)


class DoomedEncoder(TinyEncoder):
    """Ends its process whenever it encodes."""

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_documents(texts)


class BrokenEncoder(TinyEncoder):
    """Raises what it is told."""

    def __init__(self, ours: bool) -> None:
        super().__init__()
        self._error = (
            WeightsError("The weights are gone; get them again.") if ours else OSError("x")
        )

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        raise self._error
