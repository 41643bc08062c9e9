"""How answers are made."""

from __future__ import annotations

from pydantic import Field

from rag.settings.section import Section


class AnswerSettings(Section):
    """How an answer is made from passages."""

    passages: int = Field(default=5, ge=1, le=100, description="passages an answer may use")
    neighbours: int = Field(
        default=0,
        ge=0,
        le=10,
        description="chunks on either side of a passage that a language model reads with it",
    )
    sentences: int = Field(default=3, ge=1, le=20, description="most sentences in an answer")
