"""Ids in paths: any text, slashes and line breaks included."""

from __future__ import annotations

from starlette.convertors import PathConvertor, register_url_convertor


class IdConvertor(PathConvertor):
    """As Starlette's `path`, whose dot stops at the end of a line."""

    regex = "(?s:.*)"


def register() -> None:
    """Let paths say `{name:id}`."""
    register_url_convertor("id", IdConvertor())
