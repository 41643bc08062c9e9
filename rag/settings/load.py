"""Reading the settings, and saying in a sentence what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource, InitSettingsSource, TomlConfigSettingsSource

from rag.errors import SettingsError
from rag.settings.section import AnySection
from rag.settings.tree import CONFIG_VARIABLE, ENV_PREFIX, Settings, config_file

# No settings, but no mistakes either.
EVAL_DATA_VARIABLE = "TRIDENT_EVAL_DATA"  # the tests' data folder
API_KEY_VARIABLE = "TRIDENT_API_KEY"  # what commands show to a server


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
        API_KEY_VARIABLE,
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
