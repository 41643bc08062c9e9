"""Opening the Ray engine; Ray itself is imported only here and below."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rag.encoders.loading import load_encoder
from rag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexers.engines.base import Engine
    from rag.encoders.base import Encoder
    from rag.settings import Settings


@contextmanager
def open_ray_engine(
    settings: Settings, encoder: Encoder, make_encoder: Callable[[], Encoder] | None = None
) -> Iterator[Engine]:
    """Workers on the cluster of `settings.ray`, each with the models of `encoder`.

    `make_encoder` is how a worker loads them; by default as the settings say.
    Raises: SettingsError when Ray is not installed, FailureError when it does not answer.
    """
    if find_spec("ray") is None:
        raise SettingsError(
            "The engine ray needs Ray: run `pip install 'trident-rag[ray]'` and try again."
        )
    import ray
    from ray.util.client import ray as client

    from indexers.distributed.calls import StreamedCall, WholeCall
    from indexers.distributed.carried import carried, named
    from indexers.distributed.cluster import LOCAL, connection, workers
    from indexers.distributed.engine import RayEngine

    make = make_encoder or partial(load_encoder, settings.encoder)
    with (
        connection(settings.ray),
        workers(settings.ray, settings.parse, make, encoder.info.identity) as actors,
    ):
        carry = named if settings.ray.address == LOCAL else partial(carried, put=ray.put)
        yield RayEngine(actors, carry, WholeCall if client.is_connected() else StreamedCall)
