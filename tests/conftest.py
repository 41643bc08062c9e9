"""What all tests share: one real engine and one real encoder a process."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.encoders.base import Encoder
    from rag.service import Rag
    from rag.store.embedded import EmbeddedStore

os.environ["HF_HUB_OFFLINE"] = "1"  # no test may wait for a network
# Its library ends the process when it is loaded after Ray's, which some tests import.
with suppress(ImportError):
    import_module("infinity_embedded")
os.environ["TRIDENT_SERVER__ALLOWED_HOSTS"] = '["testserver"]'  # as Starlette's client has it


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What Trident keeps in the user's cache folder, commands included, goes elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """The real embedded engine on an empty folder; tests use collections of their own."""
    from rag.store.embedded import EmbeddedStore

    opened = EmbeddedStore.open(tmp_path_factory.mktemp("store"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def store(embedded_store: EmbeddedStore) -> EmbeddedStore:
    """The store of most tests; those of the store itself run over a server, too."""
    return embedded_store


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default preset with its real weights, run by the reference."""
    from rag.encoders.loading import load_encoder
    from rag.settings import EncoderSettings

    return load_encoder(EncoderSettings(offline=True, runtime="torch", device="cpu"))


@pytest.fixture
def collection_name() -> str:
    """A name that no other test uses."""
    return f"c{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def corpus(store: EmbeddedStore, encoder: Encoder) -> str:
    """The name of a collection that holds `tests.corpus.TEXTS`."""
    from tests.corpus import fill

    name = f"corpus{uuid.uuid4().hex[:8]}"
    fill(store, encoder, name)
    return name


@pytest.fixture(scope="session")
def rag(store: EmbeddedStore, encoder: Encoder) -> Rag:
    """The service over the shared store and encoder."""
    from rag.service import Rag
    from rag.settings import Settings

    return Rag(Settings(), store, encoder)
