"""Who writes the answers, and from what prompt."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from rag.settings.section import Section
from rag.types import PassageOrder

EXTRACTIVE = "extractive"
UNDECLARED_CONTEXT = 8192  # of a model that says nothing of its context
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class GeneratorSettings(Section):
    """Who writes the answers. No key is a setting: `api_key_env` names a variable that has it."""

    model: str = Field(
        default=EXTRACTIVE,
        min_length=1,
        description="extractive, local, or provider:model as LangChain names them",
    )
    base_url: str | None = Field(
        default=None, description="of a server that speaks the provider's protocol"
    )
    api_key_env: str | None = Field(
        default=None, description="environment variable with the key; default: the provider's own"
    )
    gguf: Path | None = Field(
        default=None, description="weights of the model `local`; default: the packaged SmolLM2"
    )
    context_tokens: int | None = Field(
        default=None,
        ge=256,
        description=f"prompt and answer together; default: the model's, or {UNDECLARED_CONTEXT}",
    )
    max_tokens: int = Field(default=512, ge=1, le=65_536, description="most tokens of an answer")
    temperature: float | None = Field(
        default=0.0, ge=0, le=2, description="0: the likeliest; null in JSON: the model's own"
    )
    seed: int | None = Field(default=0, ge=0, description="for models that take one")
    timeout: float = Field(default=60.0, gt=0, description="seconds a model may be silent")
    attempts: int = Field(default=3, ge=1, le=10, description="tries when a model fails for now")
    threads: int | None = Field(default=None, ge=1, description="of the model `local`")
    prompt: Path | None = Field(default=None, description="TOML file instead of prompts/answer")
    condense_prompt: Path | None = Field(
        default=None, description="TOML file instead of prompts/condense"
    )
    order: PassageOrder = Field(
        default=PassageOrder.BEST_FIRST, description="of the passages in the prompt"
    )
    history: int = Field(
        default=6, ge=0, le=100, description="most messages of a conversation that are read"
    )
    support: float = Field(
        default=0.6,
        ge=0,
        le=1,
        description="least mean MaxSim of a sentence's token with a passage it may cite",
    )

    @field_validator("api_key_env")
    @classmethod
    def _a_name(cls, name: str | None) -> str | None:
        """Says nothing of the value: it may be a key that was put in the wrong place."""
        if name is not None and not VARIABLE.fullmatch(name):
            raise ValueError("give the name of an environment variable, not a key")
        return name

    @field_validator("base_url")
    @classmethod
    def _a_url(cls, url: str | None) -> str | None:
        """Says nothing of the value, which may hold a password."""
        if url is None:
            return url
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write http://host:port/v1")
        if parts.username or parts.password or parts.query:
            raise ValueError("leave name, password and query out; api_key_env names the key")
        return url
