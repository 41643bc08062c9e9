"""The HTTP door."""

from __future__ import annotations

from pydantic import Field

from rag.settings.section import Section


class ServerSettings(Section):
    """The HTTP door."""

    host: str = "127.0.0.1"
    port: int = Field(default=8100, ge=0, le=65535)
    workers: int = Field(default=4, ge=1, le=64, description="requests that are worked on at once")
    queue: int = Field(
        default=256, ge=0, le=10_000, description="requests that may wait; more are told to retry"
    )
