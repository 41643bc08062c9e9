"""Which engines there are."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeAlias

from indexers.engines.local import LocalEngine
from rag.settings import EngineChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from indexers.engines.base import Engine
    from rag.encoders.base import Encoder
    from rag.settings import Settings

    OpenEngine: TypeAlias = Callable[[Settings, Encoder], AbstractContextManager[Engine]]


def _local(_settings: Settings, encoder: Encoder) -> AbstractContextManager[Engine]:
    return nullcontext(LocalEngine(encoder))


def _ray(settings: Settings, encoder: Encoder) -> AbstractContextManager[Engine]:
    from indexers.distributed.open import open_ray_engine

    return open_ray_engine(settings, encoder)


ENGINES: Mapping[EngineChoice, OpenEngine] = {
    EngineChoice.LOCAL: _local,
    EngineChoice.RAY: _ray,
}


def open_engine(settings: Settings, encoder: Encoder) -> AbstractContextManager[Engine]:
    """The engine that `index.engine` names; leave the context to end its workers.

    Raises: SettingsError when it is not installed, FailureError.
    """
    return ENGINES[settings.index.engine](settings, encoder)
