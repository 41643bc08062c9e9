"""Prompts: TOML files with a version, and the two messages that they become."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Self

from rag.errors import SettingsError
from rag.types import Message, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "prompts"
ANSWER = "answer"
CONDENSE = "condense"
CONTINUE = "continue"
VARIABLES: Mapping[str, frozenset[str]] = {
    ANSWER: frozenset({"passages", "question"}),
    CONDENSE: frozenset({"history", "question"}),
    CONTINUE: frozenset({"passages", "question", "answer"}),
    # Those of the checkers in rag/ground.
    "judge": frozenset({"evidence", "claim"}),
    "sample": frozenset({"passages", "question"}),
    "claim_question": frozenset({"claim"}),
    "evidence_answer": frozenset({"evidence", "question"}),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told: `system` as it is, `user` with its $variables filled in."""

    version: str
    system: str
    user: Template

    @classmethod
    def load(cls, name: str, path: Path | None = None) -> Self:
        """The packaged prompt of that name, or the one at `path` in its place.

        Raises: SettingsError.
        """
        file = path or FOLDER / f"{name}.toml"
        fields = _read(file)
        prompt = cls(fields["version"], fields["system"].strip(), Template(fields["user"].strip()))
        _check(prompt, VARIABLES[name], file)
        return prompt

    def messages(self, **variables: str) -> tuple[Message, ...]:
        """System and user message. A `$` in a variable's value is no variable."""
        user = self.user.substitute(variables)
        return Message(Role.SYSTEM, self.system), Message(Role.USER, user)


def _read(file: Path) -> dict[str, str]:
    try:
        fields: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"The prompt file {file} cannot be read: {error}.") from error
    wanted = ("version", "system", "user")
    if set(fields) != set(wanted) or not all(isinstance(fields[key], str) for key in wanted):
        raise SettingsError(f"The prompt file {file} must have the texts {', '.join(wanted)}.")
    return fields


def _check(prompt: Prompt, variables: frozenset[str], file: Path) -> None:
    if not prompt.user.is_valid() or set(prompt.user.get_identifiers()) != variables:
        names = " and ".join(f"${name}" for name in sorted(variables))
        raise SettingsError(
            f"The user part of the prompt file {file} must hold {names} and no other variable; "
            "write $$ for a dollar sign."
        )
