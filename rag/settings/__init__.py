"""All settings in one tree, and the only place of their defaults.

Precedence: explicit flag > environment `TRIDENT_SECTION__KEY` > `trident.toml` (in the
working directory, or the file that `TRIDENT_CONFIG` names) > default. Unknown keys are
refused.
"""

from rag.settings.answer import AnswerSettings
from rag.settings.encoder import EncoderSettings
from rag.settings.fetch import FetchSettings
from rag.settings.generator import EXTRACTIVE, UNDECLARED_CONTEXT, GeneratorSettings
from rag.settings.ground import GroundSettings
from rag.settings.index import ChunkSettings, EngineChoice, IndexSettings
from rag.settings.load import API_KEY_VARIABLE, load_settings, origins, with_changes
from rag.settings.parse import FieldMap, ParserChoice, ParseSettings, RecordField
from rag.settings.ray import RaySettings
from rag.settings.search import SearchSettings
from rag.settings.section import Section, Weight
from rag.settings.server import ServerSettings
from rag.settings.store import SERVER_URI, StoreSettings
from rag.settings.tree import CONFIG_FILE, CONFIG_VARIABLE, ENV_PREFIX, Settings, config_file

__all__ = [
    "API_KEY_VARIABLE",
    "CONFIG_FILE",
    "CONFIG_VARIABLE",
    "ENV_PREFIX",
    "EXTRACTIVE",
    "SERVER_URI",
    "UNDECLARED_CONTEXT",
    "AnswerSettings",
    "ChunkSettings",
    "EncoderSettings",
    "EngineChoice",
    "FetchSettings",
    "FieldMap",
    "GeneratorSettings",
    "GroundSettings",
    "IndexSettings",
    "ParseSettings",
    "ParserChoice",
    "RaySettings",
    "RecordField",
    "SearchSettings",
    "Section",
    "ServerSettings",
    "Settings",
    "StoreSettings",
    "Weight",
    "config_file",
    "load_settings",
    "origins",
    "with_changes",
]
