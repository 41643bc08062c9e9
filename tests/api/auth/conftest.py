"""The application with keys, over the shared service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.auth.guarded import Guarded, guarded_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.service import Rag


@pytest.fixture(scope="session")
def guarded(rag: Rag, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """An application that asks for keys, and its keys; it limits nobody."""
    with guarded_app(rag, tmp_path_factory.mktemp("state")) as app:
        yield app
