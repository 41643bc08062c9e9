"""The Store that the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.settings import StoreSettings
    from rag.store.base import Store


def open_store(settings: StoreSettings) -> Store:
    """A server's database when a `uri` is set, else the one in the folder `path`.

    Each SDK is imported only when it is used: they take long.
    Raises: StoreLockedError, StoreUnreachableError, StoreError, EngineMissingError.
    """
    if settings.uri is not None:
        from rag.store.remote import RemoteStore

        return RemoteStore.open(settings)
    from rag.store.embedded import EmbeddedStore

    return EmbeddedStore.open(settings.path)
