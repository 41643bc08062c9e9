"""Passages longer than a model reads at once: encoded in overlapping windows, then joined.

Nothing of a passage is cut off. Token vectors are kept window by window, so that MaxSim
over all of them is its maximum over the windows' own tokens; the dense vector is the mean
of the windows' vectors weighted by their new tokens, normalised; a term's weight is its
maximum over the windows (as BGE-M3 pools a term's weights over its occurrences, Chen et
al. 2024, arXiv:2402.03216).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.encoders.columns import ModelOutput
from rag.types import SparseVector, TokenVectors
from rerankers.pooling import max_pool_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.columns import ColumnModel
    from rag.types import FloatArray, IntArray

# A window that begins or ends inside a word may tokenize to a few tokens more than the same
# characters of the whole text did: a start mark, a piece that is no longer the longest.
RETOKENIZED = 4


@dataclass(frozen=True, slots=True)
class Window:
    """Characters `start` to `end` of a passage; `tokens` of its tokens are in no window before."""

    start: int
    end: int
    tokens: int


@dataclass(frozen=True, slots=True)
class WindowedOutput:
    """A passage's joined output, and the number of token rows in each of its windows."""

    output: ModelOutput
    rows: tuple[int, ...]


def plan_windows(spans: IntArray, length: int, overlap: int, text_length: int) -> list[Window]:
    """Cut a text of tokens at `spans` [t, 2] into windows of at most `length` tokens.

    Neighbours share `overlap` tokens (at most half a window), or somewhat fewer: a window
    begins and ends with a whole word where there is one in reach.
    """
    step_back = min(overlap, length // 2)
    windows: list[Window] = []
    first = seen = 0
    while first + length < len(spans):
        stop = _word_end(spans, first + length // 2 + 1, first + length)
        windows.append(Window(_start(spans, first), int(spans[stop - 1, 1]), stop - seen))
        seen, first = stop, _word_start(spans, stop - step_back, stop)
    windows.append(Window(_start(spans, first), text_length, len(spans) - seen))
    return windows


def encode_in_windows(
    model: ColumnModel, texts: Sequence[str], overlap: int
) -> list[WindowedOutput]:
    """Encode passages of any length; short ones in one window."""
    plans = [
        _plan(model, spans, overlap, len(text))
        for text, spans in zip(texts, model.token_spans(texts), strict=True)
    ]
    pieces = [text[w.start : w.end] for text, plan in zip(texts, plans, strict=True) for w in plan]
    outputs = iter(model.encode_passages(pieces))
    return [_join(plan, [next(outputs) for _ in plan]) for plan in plans]


def in_one_window(output: ModelOutput) -> WindowedOutput:
    """The output of a text that was read at once."""
    return WindowedOutput(output, (_rows(output),))


def _plan(model: ColumnModel, spans: IntArray, overlap: int, text_length: int) -> list[Window]:
    if len(spans) <= model.window_tokens:
        return [Window(0, text_length, len(spans))]
    length = max(1, model.window_tokens - RETOKENIZED)
    return plan_windows(spans, length, overlap, text_length)


def _start(spans: IntArray, first: int) -> int:
    """Where a window that begins with token `first` starts: the first one with the text."""
    return int(spans[first, 0]) if first else 0


def _word_start(spans: IntArray, earliest: int, stop: int) -> int:
    """The first token from `earliest` on that does not touch the one before it."""
    starts = (i for i in range(earliest, stop) if spans[i, 0] > spans[i - 1, 1])
    return next(starts, earliest)


def _word_end(spans: IntArray, earliest: int, latest: int) -> int:
    """The last place to stop, up to `latest`, where a word has ended."""
    ends = (i for i in range(latest, earliest - 1, -1) if spans[i, 0] > spans[i - 1, 1])
    return next(ends, latest)


def _join(plan: Sequence[Window], outputs: Sequence[ModelOutput]) -> WindowedOutput:
    if len(plan) == 1:
        return in_one_window(outputs[0])
    return WindowedOutput(_joined(plan, outputs), tuple(map(_rows, outputs)))


def _joined(plan: Sequence[Window], outputs: Sequence[ModelOutput]) -> ModelOutput:
    return ModelOutput(
        dense=_mean(plan, [o.dense for o in outputs if o.dense is not None]),
        sparse=_max([o.sparse for o in outputs if o.sparse is not None]),
        tokens=_concatenated(plan, [o.tokens for o in outputs if o.tokens is not None]),
        token_count=sum(window.tokens for window in plan) + _special_tokens(plan, outputs),
        truncated=any(output.truncated for output in outputs),
    )


def _special_tokens(plan: Sequence[Window], outputs: Sequence[ModelOutput]) -> int:
    """What the model adds to a text: the first window holds nothing but its own tokens."""
    return outputs[0].token_count - plan[0].tokens


def _rows(output: ModelOutput) -> int:
    return 0 if output.tokens is None else len(output.tokens.vectors)


def _mean(plan: Sequence[Window], vectors: Sequence[FloatArray]) -> FloatArray | None:
    if not vectors:
        return None
    weights = np.array([window.tokens for window in plan], np.float32)
    mean = weights @ np.stack(vectors)
    unit: FloatArray = mean / np.linalg.norm(mean)
    return unit


def max_pooled(vectors: Sequence[SparseVector]) -> SparseVector:
    """Each term of at least one vector with its largest weight."""
    indices = np.concatenate([vector.indices for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    return SparseVector(*max_pool_terms(indices, values))


def _max(vectors: Sequence[SparseVector]) -> SparseVector | None:
    return max_pooled(vectors) if vectors else None


def _concatenated(plan: Sequence[Window], windows: Sequence[TokenVectors]) -> TokenVectors | None:
    if not windows:
        return None
    vectors = np.concatenate([window.vectors for window in windows])
    spans = [_shifted(part.spans, window.start) for window, part in zip(plan, windows, strict=True)]
    return TokenVectors(vectors, np.concatenate(spans))


def _shifted(spans: IntArray, start: int) -> IntArray:
    """Spans of the passage; [0, 0], which stands for no characters, stays."""
    covers = spans[:, 1:] > spans[:, :1]
    shifted: IntArray = np.where(covers, spans + start, spans)
    return shifted
