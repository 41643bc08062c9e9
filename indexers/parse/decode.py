"""Bytes to text, whatever the encoding."""

from __future__ import annotations

import codecs

from charset_normalizer import CharsetMatch, from_bytes

from indexers.parse.base import ParseError

# UTF-32 before UTF-16: the mark of UTF-16-LE begins that of UTF-32-LE.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN_EUROPEAN = "cp1252"
CHAOS_TOLERANCE = 0.1  # French in Latin-1 is rated up to this much worse than as Baltic


def decode(data: bytes) -> str:
    """The text of `data` with newlines as \\n: by its byte order mark, as UTF-8, or by guess.

    Raises: ParseError when it is no text.
    """
    text = _decode_as(data, _marked_encoding(data))
    if text is None:
        text = _guess(data)
    if "\0" in text:
        raise ParseError("it holds binary data, not text")
    return normalize_newlines(text)


def normalize_newlines(text: str) -> str:
    """\\r\\n and \\r become \\n, so that offsets do not depend on where a file was written."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _marked_encoding(data: bytes) -> str:
    return next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")


def _decode_as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _guess(data: bytes) -> str:
    if b"\0" in data:  # no encoding that lacks a byte order mark is likelier than binary data
        raise ParseError("it holds binary data, not text")
    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise ParseError("its text encoding is not known; save it as UTF-8")
    return str(next((match for match in matches if _is_likelier(match, best)), best))


def _is_likelier(match: CharsetMatch, best: CharsetMatch) -> bool:
    """Of guesses that are about as good, Western European is by far the most frequent."""
    return (
        match.encoding == WESTERN_EUROPEAN
        and match.coherence >= best.coherence
        and match.chaos <= best.chaos + CHAOS_TOLERANCE
    )
