"""One store for several applications: a process can open only one database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class StateElsewhere:
    """A store whose small state, such as jobs and keys, is in another folder."""

    def __init__(self, store: Any, folder: Path):
        self._store = store
        self.state_dir = folder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
