"""How sources that are not local files are fetched."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field

from rag.settings.section import Section


class FetchSettings(Section):
    """What one source from the network may cost. Only that source is given up."""

    largest: int = Field(default=64, ge=1, description="MiB of a source, unpacked")
    timeout: float = Field(default=30.0, gt=0, description="seconds for a source, in all")
    redirects: int = Field(default=5, ge=0, description="most redirects followed for a URL")
    robots: bool = Field(default=True, description="respect robots.txt")
    private_addresses: bool = Field(
        default=False, description="allow addresses that are not on the public internet"
    )
    user_agent: str = Field(default="trident-rag", min_length=1, description="as sites see it")
    s3_endpoint: str | None = Field(
        default=None,
        pattern="^https?://",
        description="address of an S3 server that is not Amazon's",
    )
    cache: Path = Field(
        default_factory=lambda: user_cache_path("trident") / "fetched",
        description="folder of what was fetched, so that the unchanged is not fetched again",
    )
