"""The whole tree and where its values come from."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.settings.answer import AnswerSettings
from rag.settings.encoder import EncoderSettings
from rag.settings.fetch import FetchSettings
from rag.settings.generator import GeneratorSettings
from rag.settings.ground import GroundSettings
from rag.settings.index import ChunkSettings, IndexSettings
from rag.settings.parse import ParseSettings
from rag.settings.ray import RaySettings
from rag.settings.search import SearchSettings
from rag.settings.server import ServerSettings
from rag.settings.store import StoreSettings

ENV_PREFIX = "TRIDENT_"
CONFIG_VARIABLE = "TRIDENT_CONFIG"
CONFIG_FILE = "trident.toml"


class Settings(BaseSettings):
    """The whole tree. Build it with `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    collection: str = Field(default="default", description="collection used when none is named")
    store: StoreSettings = StoreSettings()
    encoder: EncoderSettings = EncoderSettings()
    fetch: FetchSettings = FetchSettings()
    parse: ParseSettings = ParseSettings()
    chunk: ChunkSettings = ChunkSettings()
    index: IndexSettings = IndexSettings()
    ray: RaySettings = RaySettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    generator: GeneratorSettings = GeneratorSettings()
    ground: GroundSettings = GroundSettings()
    server: ServerSettings = ServerSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class fixes the names
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then the file."""
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, toml_file=config_file()),
        )


def config_file() -> Path:
    """The settings file in use, whether or not it exists."""
    return Path(os.environ.get(CONFIG_VARIABLE, CONFIG_FILE))
