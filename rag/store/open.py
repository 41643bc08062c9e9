"""The Store that the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.store.catalog_format import CATALOG_NAME
from rag.store.engine_config import CONFIG_NAME

if TYPE_CHECKING:
    from pathlib import Path

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


def is_database(folder: Path) -> bool:
    """The folder holds an embedded database of Trident's."""
    return (folder / CATALOG_NAME).is_file() and (folder / CONFIG_NAME).is_file()
