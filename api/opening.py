"""Opening the service of a server, which many ask at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.loading import load_encoder
from rag.encoders.shared import QuestionKey, SharedEncoder
from rag.errors import StoreLockedError, StoreUnreachableError
from rag.service import Rag
from rag.store.open import open_store

if TYPE_CHECKING:
    from rag.caching import BoundedCache
    from rag.settings import Settings
    from rag.types import Encoding

# They may go by themselves: another process ends, a server comes back. Others need somebody.
PASSING = (StoreLockedError, StoreUnreachableError)


def open_service(settings: Settings, questions: BoundedCache[QuestionKey, Encoding]) -> Rag:
    """Open the database and load every model; the database is free again when that fails.

    Raises: StoreLockedError, StoreUnreachableError, StoreError, EngineMissingError,
        WeightsError, SettingsError.
    """
    store = open_store(settings.store)
    try:
        encoder = load_encoder(settings.encoder)
        shared = SharedEncoder(encoder, settings.server.question_batch, questions)
        rag = Rag(settings, store, shared)
        rag.warm_up()
    except BaseException:
        store.close()
        raise
    return rag
