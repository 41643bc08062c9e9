"""Where the database is."""

from __future__ import annotations

import re
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, field_validator

from rag.settings.section import Section

SERVER_URI = re.compile(
    r"infinity://([a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(/[a-zA-Z][a-zA-Z0-9_]*)?/?"
)


class StoreSettings(Section):
    """Where the database is and how long to wait for it."""

    path: Path = Field(
        default_factory=lambda: user_data_path("trident") / "store",
        description="folder of the embedded database",
    )
    uri: str | None = Field(
        default=None, description="infinity://host:port[/database] of a server to use instead"
    )
    timeout: float = Field(default=60.0, gt=0, description="seconds a server may take to answer")
    connections: int = Field(default=16, ge=1, le=1024, description="most to a server at once")
    attempts: int = Field(
        default=4, ge=1, le=20, description="tries when a server is out of reach, pauses growing"
    )
    writer_timeout: float = Field(
        default=300.0, gt=0, description="seconds until another client's writing counts as dead"
    )
    searchable_timeout: float = Field(
        default=120.0, gt=0, description="seconds to wait for the full-text index"
    )

    @field_validator("uri")
    @classmethod
    def _server(cls, uri: str | None) -> str | None:
        if uri is not None and not SERVER_URI.fullmatch(uri):
            raise ValueError(f"{uri!r:.80} is no server; write infinity://host:port")
        return uri
