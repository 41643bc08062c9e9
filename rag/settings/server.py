"""The HTTP door."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from rag.settings.section import Section

ORIGIN = re.compile(
    r"\*|https?://[a-z0-9._-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?"
)
# Each request of a window is remembered, hence no more of them.
RATE = re.compile(r"[1-9][0-9]{0,4}/([1-9][0-9]{0,3})?(second|minute|hour|day)")


class ServerSettings(Section):
    """The HTTP door."""

    host: str = "127.0.0.1"
    port: int = Field(default=8100, ge=0, le=65535)
    auth: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="ask for API keys; auto: unless only this machine reaches the server and no "
        "key was ever made",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="names beside localhost by which a server without keys is reached"
    )
    cors_origins: tuple[str, ...] = Field(
        default=(), description="sites whose pages may use the server, as https://name[:port]"
    )
    rate_limit: str = Field(
        default="600/minute", description="requests that a key may send; empty: any number"
    )
    address_rate_limit: str = Field(
        default="", description="the same for an address where no key is asked for"
    )
    failure_rate_limit: str = Field(
        default="30/minute", description="requests without a good key that an address may send"
    )
    workers: int = Field(default=4, ge=1, le=64, description="requests that are worked on at once")
    queue: int = Field(
        default=256, ge=0, le=10_000, description="requests that may wait; more are told to retry"
    )
    largest_body: int = Field(
        default=10_000_000, ge=1_000_000, description="bytes of documents that are sent as JSON"
    )
    largest_upload: int = Field(
        default=100_000_000, ge=1_000_000, description="bytes of files that are sent in one request"
    )
    most_files: int = Field(default=100, ge=1, le=1000, description="files in one request")
    most_jobs: int = Field(
        default=1000, ge=1, description="jobs that may wait; more are told to retry"
    )
    kept_jobs: int = Field(default=1000, ge=0, description="finished jobs that are remembered")
    grace: float = Field(
        default=30.0, ge=0, description="seconds in which what runs may end when it is stopped"
    )
    question_batch: int = Field(
        default=32, ge=1, le=1024, description="questions that are encoded in one pass"
    )
    question_cache_entries: int = Field(
        default=4096, ge=0, description="encoded questions that are kept; 0: none"
    )
    question_cache_mb: int = Field(default=64, ge=0, description="megabytes that they may take")
    answer_cache_entries: int = Field(
        default=1024, ge=0, description="search results and answers that are kept; 0: none"
    )
    answer_cache_mb: int = Field(default=64, ge=0, description="megabytes that they may take")
    log_format: Literal["console", "json"] = Field(
        default="console", description="lines of the log for people, or for programs"
    )
    otel_endpoint: str = Field(
        default="",
        description="where traces are sent (OTLP over HTTP); empty: as "
        "OTEL_EXPORTER_OTLP_ENDPOINT says, or nowhere",
    )

    @field_validator("cors_origins")
    @classmethod
    def _sites(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r:.80} is no origin; write https://name without a path")
        return origins

    @field_validator("rate_limit", "address_rate_limit", "failure_rate_limit")
    @classmethod
    def _rate(cls, rate: str) -> str:
        if rate and not RATE.fullmatch(rate):
            raise ValueError(f"{rate!r:.80} is no rate; write 1 to 99999 a span, as 600/minute")
        return rate
