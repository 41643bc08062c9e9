"""The service with language models that do what a test needs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rag.errors import GenerationError
from rag.generate.chat import ChatGenerator
from rag.service import Rag
from rag.settings import GeneratorSettings
from rag.types import Delta
from tests.rag.generate.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from rag.types import Message, Sampling

SAID = "Bees dance to tell the hive where flowers are."


def asking(rag: Rag, model: ScriptedModel) -> Rag:
    """The service with the model behind it."""
    service = Rag(rag.settings, rag.store, rag.encoder)
    service._generator = ChatGenerator(GeneratorSettings(), rag.encoder, model)
    return service


class EndlessModel(ScriptedModel):
    """Writes until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = threading.Event()

    def stream(self, messages: object, sampling: object) -> Generator[Delta]:
        try:
            while True:
                yield Delta("Bees dance. ")
        finally:
            self.stopped.set()


class BrokenModel(ScriptedModel):
    """Raises an error after its first words."""

    def __init__(self, error: Exception | None = None):
        super().__init__()
        self._error = error or GenerationError("The model broke; ask again.")

    def stream(self, messages: object, sampling: object) -> Generator[Delta]:
        yield Delta("Bees ")
        raise self._error


class SlowModel(ScriptedModel):
    """Says nothing until it is let."""

    def __init__(self) -> None:
        super().__init__(SAID)
        self.let = threading.Event()

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        self.let.wait(30)
        yield from super().stream(messages, sampling)
