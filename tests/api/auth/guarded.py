"""An application with keys of its own over a service that others use, too."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.caller import Scope
from api.auth.key import make_key
from api.auth.key_file import KeyFile
from rag.service import Rag
from rag.settings import ServerSettings, Settings
from tests.api.state_elsewhere import StateElsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Guarded:
    """A client that is ready, and the keys of its server."""

    client: TestClient
    keys: KeyFile

    def key(
        self, *scopes: Scope, collections: Iterable[str] | None = None, expires: int | None = None
    ) -> str:
        """The text of a new key; with all scopes if none is given."""
        key, text = make_key("test", scopes or tuple(Scope), collections, expires)
        self.keys.add(key)
        return text

    def headers(self, *scopes: Scope, collections: Iterable[str] | None = None) -> dict[str, str]:
        """A new key as it is sent."""
        return bearer(self.key(*scopes, collections=collections))


@contextmanager
def guarded_app(rag: Rag, folder: Path, **server: Any) -> Iterator[Guarded]:
    """The application with a first key, and without limits that are not given."""
    limits = {"rate_limit": "", "failure_rate_limit": ""}
    settings = Settings(server=ServerSettings(**{**limits, **server}))
    keys = KeyFile(folder)
    keys.add(make_key("first", [Scope.ADMIN])[0])
    own = Rag(settings, StateElsewhere(rag.store, folder), rag.encoder)
    own.warm_up()
    with TestClient(create_app(rag=own), raise_server_exceptions=False) as client:
        while client.get("/readyz").status_code != 200:
            pass
        yield Guarded(client, keys)


def bearer(key: str) -> Mapping[str, str]:
    """A key in the header that most clients use."""
    return {"Authorization": f"Bearer {key}"}
