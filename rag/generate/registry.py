"""Generators and language models by the name that the settings give."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol

from rag.errors import SettingsError
from rag.settings import EXTRACTIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.encoders.base import Encoder
    from rag.generate.base import Generator
    from rag.settings import GeneratorSettings
    from rag.types import LanguageModel


class MakeGenerator(Protocol):
    """What a class of generators offers: its constructor."""

    def __call__(self, settings: GeneratorSettings, encoder: Encoder) -> Generator:
        """Load what it needs. Raises: SettingsError, WeightsError."""
        ...


class LoadModel(Protocol):
    """What a class of language models offers: its constructor."""

    def __call__(self, settings: GeneratorSettings) -> LanguageModel:
        """Load it or connect to it. Raises: SettingsError, WeightsError."""
        ...


@dataclass(frozen=True, slots=True)
class GeneratorEntry:
    """Classes as "module:name", since they may import a lot; no model: none is needed."""

    generator: str
    language_model: str | None


CHAT = "rag.generate.chat:ChatGenerator"
# By the part of `generator.model` before the colon; any other is a provider of LangChain's.
GENERATORS: Mapping[str, GeneratorEntry] = defaultdict(
    lambda: GeneratorEntry(CHAT, "rag.generate.langchain_model:LangchainModel"),
    {
        EXTRACTIVE: GeneratorEntry("rag.generate.extractive:ExtractiveGenerator", None),
        "local": GeneratorEntry(CHAT, "rag.generate.local:LocalModel"),
    },
)


def load_generator(settings: GeneratorSettings, encoder: Encoder) -> Generator:
    """The generator of `settings.model`. Raises: SettingsError, WeightsError."""
    make: MakeGenerator = resolve_name(_entry(settings).generator)
    return make(settings, encoder)


def load_language_model(settings: GeneratorSettings) -> LanguageModel:
    """The language model of `settings.model`. Raises: SettingsError, WeightsError."""
    name = _entry(settings).language_model
    if name is None:
        raise SettingsError(
            f"The generator {settings.model} has no language model; set generator.model to local "
            "or to provider:model."
        )
    load: LoadModel = resolve_name(name)
    return load(settings)


def _entry(settings: GeneratorSettings) -> GeneratorEntry:
    return GENERATORS[settings.model.partition(":")[0]]
