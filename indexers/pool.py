"""Token pooling of what is about to be written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rerankers.pooling import pool_windows

if TYPE_CHECKING:
    from rag.types import Encoding


def pooled(encoding: Encoding, factor: int) -> Encoding:
    """The encoding with about `factor` times fewer token vectors, window by window."""
    if factor == 1:
        return encoding
    windows = encoding.windows or (len(encoding.tokens),)
    tokens, pooled_windows = pool_windows(encoding.tokens, windows, factor)
    return replace(encoding, tokens=tokens, windows=pooled_windows)
