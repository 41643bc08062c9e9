"""The HTTP door."""

from __future__ import annotations

from pydantic import Field

from rag.settings.section import Section


class ServerSettings(Section):
    """The HTTP door."""

    host: str = "127.0.0.1"
    port: int = Field(default=8100, ge=0, le=65535)
