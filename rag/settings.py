"""All settings in one tree, and the only place of their defaults.

Precedence: explicit flag > environment `TRIDENT_SECTION__KEY` > `trident.toml` (in the
working directory, or the file that `TRIDENT_CONFIG` names) > default. Unknown keys are
refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError
from rag.types import (
    MOST_POOLING,
    Fusion,
    GroupBy,
    Layout,
    Leg,
    Normalization,
    Rerank,
    TensorStorage,
    Unit,
)
from rerankers.fusion import RANK_CONSTANT

ENV_PREFIX = "TRIDENT_"
CONFIG_VARIABLE = "TRIDENT_CONFIG"
CONFIG_FILE = "trident.toml"
EVAL_DATA_VARIABLE = "TRIDENT_EVAL_DATA"  # the tests' data folder: no setting, but no mistake

SERVER_URI = re.compile(
    r"infinity://([a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(/[a-zA-Z][a-zA-Z0-9_]*)?/?"
)
Weight: TypeAlias = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class Section(BaseModel):
    """A group of settings; unknown keys are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


AnySection = TypeVar("AnySection", bound=Section)


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


class EncoderSettings(Section):
    """Which models fill the columns, and how they run."""

    preset: str = Field(default="minilm", description="a preset; `trident models list` shows them")
    weights: Path | None = Field(
        default=None, description="folder that holds one subfolder of weights per model"
    )
    dense: str | None = Field(default=None, description="another model for dense vectors")
    sparse: str | None = Field(default=None, description="another model for sparse vectors")
    tokens: str | None = Field(default=None, description="another model for token vectors")
    offline: bool = Field(default=False, description="never ask a model hub")
    runtime: str = Field(
        default="auto", description="auto, or a runtime of rag/encoders/runtime/choice.py"
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="where models run; auto: an accelerator when there is one"
    )
    threads: int | None = Field(default=None, ge=1, description="CPU threads; default: all cores")
    batch_tokens: int = Field(default=2048, ge=256, description="padded tokens per forward pass")


class ChunkSettings(Section):
    """How documents are cut."""

    size: int = Field(default=192, ge=16, le=8192, description="most tokens in a chunk")
    overlap: int = Field(default=32, ge=0, description="tokens shared by neighbouring chunks")


class IndexSettings(Section):
    """How a collection keeps its documents; fixed when it is made.

    What is not given is as the collection has it; a new one is as `rag.types.Layout` says.
    """

    unit: Unit | None = Field(default=None, description="what a row is: chunk or document")
    tensor_storage: TensorStorage | None = Field(
        default=None, description="of token vectors: float, float16 or bit"
    )
    token_pooling: int | None = Field(
        default=None, ge=1, le=MOST_POOLING, description="token vectors that become one"
    )

    def over(self, layout: Layout) -> Layout:
        """The layout with what is given here."""
        return replace(layout, **self.model_dump(exclude_none=True))


class SearchSettings(Section):
    """How passages are found."""

    legs: tuple[Leg, ...] = Field(
        default=(Leg.DENSE, Leg.SPARSE, Leg.FULLTEXT),
        min_length=1,
        description="what recalls candidates; a leg named twice counts once",
    )
    fusion: Fusion = Field(default=Fusion.RRF, description="how several legs become one ranking")
    rank_constant: int = Field(
        default=RANK_CONSTANT, ge=1, le=65_536, description="k of reciprocal rank fusion"
    )
    weights: dict[Leg, Weight] = Field(
        default={}, description="weight of a leg in the fusion; 1 for a leg that is not named"
    )
    normalization: Normalization = Field(
        default=Normalization.MINMAX, description="of the legs' scores in a weighted sum"
    )
    rerank: Rerank = Field(default=Rerank.TENSOR, description="what reorders the candidates")
    tensor_weight: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="share of the MaxSim rank in tensor+fuse; the first stage has the rest",
    )
    candidates: int = Field(default=100, ge=10, le=1000, description="per leg, and reranked")
    cross_encoder: str | None = Field(
        default=None, description="a cross-encoder's folder, or organisation/name@commit"
    )
    cross_encoder_candidates: int | None = Field(
        default=None, ge=1, le=1000, description="passages that it re-scores; default: candidates"
    )
    top_k: int = Field(default=10, ge=1, le=1000, description="passages returned")
    ef: int = Field(default=200, ge=10, le=10_000, description="HNSW search breadth")
    group_by: GroupBy | None = Field(
        default=None, description="doc_id: each document once, by its best passage"
    )
    inside: int = Field(
        default=3, ge=1, le=100, description="passages shown of a document, where those are ranked"
    )

    @field_validator("legs")
    @classmethod
    def _once(cls, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        return tuple(dict.fromkeys(legs))

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not any(self.weights.get(leg, 1) for leg in self.legs):
            raise ValueError("every leg in use has the weight 0; give one of them more")
        return self


class AnswerSettings(Section):
    """How an answer is made from passages."""

    passages: int = Field(default=5, ge=1, le=100, description="passages an answer may use")
    sentences: int = Field(default=3, ge=1, le=20, description="most sentences in an answer")


class ServerSettings(Section):
    """The HTTP door."""

    host: str = "127.0.0.1"
    port: int = Field(default=8100, ge=0, le=65535)


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
    chunk: ChunkSettings = ChunkSettings()
    index: IndexSettings = IndexSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
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


def load_settings(flags: Mapping[str, Any] | None = None) -> Settings:
    """Read all sources; `flags` is nested by section, its None values count as not given.

    Raises: SettingsError with one sentence for each thing that is wrong.
    """
    _refuse_unknown_variables()
    _refuse_missing_file()
    try:
        return Settings(**_given(flags or {}))
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error
    except ValueError as error:  # a file that is not TOML, a variable that is not JSON
        raise SettingsError(f"The settings cannot be read: {error}.") from error


def with_changes(section: AnySection, changes: Mapping[str, Any]) -> AnySection:
    """The section with some of its values changed. Raises: SettingsError."""
    try:
        return type(section)(**{**section.model_dump(), **changes})
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error


def origins(flags: Mapping[str, Any] | None = None) -> dict[str, tuple[Any, str]]:
    """Each setting by dotted name, with its value and where that came from."""
    settings = load_settings(flags)
    sources = [
        ("flag", _leaves(InitSettingsSource(Settings, _given(flags or {}))())),
        ("environment", _leaves(EnvSettingsSource(Settings)())),
        (str(config_file()), _leaves(TomlConfigSettingsSource(Settings, config_file())())),
    ]
    return {
        name: (value, next((origin for origin, given in sources if name in given), "default"))
        for name, value in _leaves(settings.model_dump(mode="json")).items()
    }


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what was not given, at any depth."""
    nested = {k: _given(v) if isinstance(v, Mapping) else v for k, v in flags.items()}
    return {k: v for k, v in nested.items() if v is not None and v != {}}


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        nested = isinstance(value, Mapping) and value
        leaves.update(_leaves(value, f"{name}.") if nested else {name: value})
    return leaves


def _refuse_unknown_variables() -> None:
    known = {f"{ENV_PREFIX}{name}".upper() for name in Settings.model_fields} | {
        CONFIG_VARIABLE,
        EVAL_DATA_VARIABLE,
    }
    for variable in os.environ:
        name = variable.upper()
        if name.startswith(ENV_PREFIX) and name.split("__")[0] not in known:
            raise SettingsError(
                f"The environment variable {variable} is no setting of Trident; "
                "`trident config show` lists them."
            )


def _refuse_missing_file() -> None:
    named = os.environ.get(CONFIG_VARIABLE)
    if named and not Path(named).is_file():
        raise SettingsError(f"{CONFIG_VARIABLE} names {named}, which is not a file.")


def _sentence(error: ValidationError) -> str:
    """One sentence for the problems that pydantic found."""
    problems = [
        ": ".join(filter(None, [".".join(map(str, item["loc"])), item["msg"].lower()]))
        for item in error.errors()
    ]
    return f"The settings are not valid: {'; '.join(problems)}."
