"""Texts to token ids, with lengths that are true also for what is cut."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Encoding as RawTokens

    from rag.types import IntArray

# A token stands for few characters; what lies beyond this many per token is never read, so
# it need not be cut into tokens either.
CHARACTERS_PER_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text as ids [t] with special tokens, at most `max_tokens` of them.

    `spans` [t, 2] are character offsets. `count` is the length before cutting (a lower
    bound for texts that are very long), special tokens included.
    """

    ids: IntArray
    spans: IntArray
    count: int
    truncated: bool


class Tokenizer:
    """A model's own fast tokenizer, cutting at `max_tokens`. Thread-safe."""

    def __init__(self, folder: Path, max_tokens: int):
        from tokenizers import Tokenizer as FastTokenizer

        self.max_tokens = max_tokens
        self._tokenizer = FastTokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def __call__(self, texts: Sequence[str]) -> list[Tokens]:
        """Tokens of each text."""
        limit = self.max_tokens * CHARACTERS_PER_TOKEN
        raw = self._tokenizer.encode_batch([text[:limit] for text in texts])
        return [self._cut(r, len(t) > limit) for r, t in zip(raw, texts, strict=True)]

    def count(self, text: str) -> int:
        """Tokens without special tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def meaningless_ids(self) -> IntArray:
        """Ids of special tokens and of tokens without a letter, digit or symbol."""
        vocabulary = self._tokenizer.get_vocab(with_added_tokens=True)
        special = set(self._tokenizer.get_added_tokens_decoder())
        ids = {i for token, i in vocabulary.items() if is_punctuation(token)}
        return np.array(sorted(ids | special), dtype=np.int64)

    def _cut(self, raw: RawTokens, longer: bool) -> Tokens:
        """Keep the first tokens and the closing special token."""
        count = len(raw.ids)
        keep = np.arange(count)
        if count > self.max_tokens:
            keep = np.append(keep[: self.max_tokens - 1], count - 1)
        ids = np.array(raw.ids, dtype=np.int64)[keep]
        spans = np.array(raw.offsets, dtype=np.int64).reshape(-1, 2)[keep]
        return Tokens(ids, spans, count, longer or count > self.max_tokens)


def is_punctuation(token: str) -> bool:
    """Every character is punctuation (Unicode category P); ColBERT drops such tokens."""
    return all(unicodedata.category(character).startswith("P") for character in token)


def pad(batch: Sequence[Tokens]) -> tuple[IntArray, IntArray]:
    """Ids and attention mask [n, longest] of a batch; padding has id 0 and mask 0."""
    longest = max(len(tokens.ids) for tokens in batch)
    ids = np.zeros((len(batch), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens.ids)] = tokens.ids
        mask[row, : len(tokens.ids)] = 1
    return ids, mask
