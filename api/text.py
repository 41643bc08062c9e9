"""Strings of JSON that are text.

JSON can spell half of a surrogate pair ("\\ud800"), which Python keeps and no UTF-8
encoder takes.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator


def require_text(value: str) -> str:
    """The string itself. Raises: ValueError when it cannot be written as UTF-8."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("Half of a surrogate pair is not text")
    return value


Text = Annotated[str, AfterValidator(require_text)]
# What holds for a question in the document; that it is kept is `rag.retrieve`'s, which says so
# with a code of its own.
NOT_BLANK: dict[str, Any] = {"minLength": 1, "pattern": r"\S"}
