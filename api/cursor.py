"""Cursors of pages: where the last page ended, as text that nobody needs to read."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from rag.errors import InputError

CURSOR_PATTERN = "^[A-Za-z0-9_-]*$"


class BadCursorError(InputError):
    """A cursor is none that was given out."""

    code = "bad_cursor"


def cursor_after(last: str) -> str:
    """The cursor of the page after `last`."""
    return urlsafe_b64encode(last.encode()).decode().rstrip("=")


def last_before(cursor: str) -> str:
    """The inverse of `cursor_after`. Raises: BadCursorError."""
    try:
        last = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise bad_cursor(cursor) from error
    if cursor_after(last) != cursor:  # the decoder passes over what is no base64
        raise bad_cursor(cursor)
    return last


def bad_cursor(cursor: str) -> BadCursorError:
    """The error for it."""
    return BadCursorError(
        f"{cursor!r:.80} is no cursor; send the next_cursor of a page, or none for the first."
    )
