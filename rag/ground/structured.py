"""Answers of a language model that are read by a program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.types import Sampling

if TYPE_CHECKING:
    from rag.ground.checker import Asker

# The likeliest answer; if that cannot be read, another one.
TEMPERATURES = (0.0, 0.7)
ANSWER_TOKENS = 200
FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)


class Structured(BaseModel):
    """What a model must answer: all of these fields, of these types, and no other."""

    model_config = ConfigDict(extra="forbid", strict=True)


AnyStructured = TypeVar("AnyStructured", bound=Structured)


def ask_structured(
    asker: Asker, prompt: str, schema: type[AnyStructured], **quoted: str
) -> AnyStructured:
    """The answer as one JSON object, asked for at most twice.

    Raises: ValueError for what is none; GenerationError.
    """
    for seed, temperature in enumerate(TEMPERATURES):
        said = asker.ask(prompt, Sampling(temperature, ANSWER_TOKENS, seed=seed), **quoted)
        try:
            return schema.model_validate_json(FENCE.sub(r"\1", said))
        except ValidationError:
            continue
    raise ValueError(f"the model twice gave no JSON of the form that {prompt} asks for.")
