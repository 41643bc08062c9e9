"""Texts into token ids with character spans, cut at a model's limit."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tokenizers import Encoding as RawEncoding
    from tokenizers import Tokenizer

    from rag.types import IntArray


WORD_START = "▁"  # U+2581, no underscore: SentencePiece's


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """Token ids of one text, special tokens included, at most the model's limit.

    `spans` is int64 [t, 2], the characters of each token. `content` marks the tokens that
    stand for a known word or part of one. `count` is the length before the cut.
    """

    ids: list[int]
    spans: IntArray
    content: npt.NDArray[np.bool_]
    count: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def truncated(self) -> bool:
        """Whether the model's limit cut the text."""
        return self.count > len(self.ids)


class TextTokenizer:
    """A model's own fast tokenizer. Safe to use from several threads."""

    def __init__(self, folder: Path, max_tokens: int):
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()  # lengths are wanted as they are
        self._tokenizer.no_padding()
        self._special_tokens = self._tokenizer.num_special_tokens_to_add(False)
        self._max_tokens = max_tokens
        self._content = _content_tokens(self._tokenizer)

    @property
    def window_tokens(self) -> int:
        """Tokens of a text's own that fit under the limit."""
        return self._max_tokens - self._special_tokens

    def spans(self, texts: Sequence[str]) -> list[IntArray]:
        """Characters of every token of each whole text, int64 [t, 2], no special tokens."""
        encodings = self._encode(texts)
        return [
            character_spans(text, encoding) for text, encoding in zip(texts, encodings, strict=True)
        ]

    def count(self, text: str) -> int:
        """Tokens of `text` without special tokens, however many there are."""
        return token_count(self._tokenizer, text)

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Tokenize and cut."""
        return [self._cut(*pair) for pair in zip(texts, self._encode(texts), strict=True)]

    def ids_of(self, tokens: Iterable[str]) -> list[int]:
        """The ids of those tokens that the vocabulary has."""
        ids = (self._tokenizer.token_to_id(token) for token in tokens)
        return [index for index in ids if index is not None]

    def _encode(self, texts: Sequence[str]) -> list[RawEncoding]:
        sound = [without_surrogates(text) for text in texts]
        return self._tokenizer.encode_batch(sound, add_special_tokens=False)

    def _cut(self, text: str, encoding: RawEncoding) -> TokenizedText:
        count = len(encoding.ids) + self._special_tokens
        encoding.truncate(self._max_tokens - self._special_tokens)
        whole = self._tokenizer.post_process(encoding)
        special = np.array(whole.special_tokens_mask, dtype=bool)
        return TokenizedText(
            ids=whole.ids,
            spans=character_spans(text, whole),
            content=self._content[whole.ids] & ~special,
            count=count,
        )


def token_count(tokenizer: Tokenizer, text: str) -> int:
    """Tokens of `text` without special tokens; the tokenizer keeps no characters for it."""
    sound = without_surrogates(text)
    (encoding,) = tokenizer.encode_batch_fast([sound], add_special_tokens=False)
    return len(encoding.ids)


def is_punctuation(token: str) -> bool:
    """Whether a token is nothing but punctuation, as BERT's tokenizer defines it.

    That is: Unicode's punctuation and every ASCII symbol.
    """
    return all(c in string.punctuation or unicodedata.category(c).startswith("P") for c in token)


def _content_tokens(tokenizer: Tokenizer) -> npt.NDArray[np.bool_]:
    """For each token id: neither punctuation nor a special token such as [UNK] or <s>.

    The vector of an unknown word says nothing of which word it was, so that it would
    match every other unknown word.
    """
    vocabulary = tokenizer.get_vocab()
    content = np.ones(max(vocabulary.values()) + 1, dtype=bool)
    for token, index in vocabulary.items():
        bracketed = token.startswith("[") and token.endswith("]")
        content[index] = not (bracketed or is_punctuation(_characters(token)))
    for index, added in tokenizer.get_added_tokens_decoder().items():
        content[index] &= not added.special
    return content


def _characters(token: str) -> str:
    """A token without WordPiece's mark of a continued word, or SentencePiece's of a new one."""
    return token.removeprefix("##").removeprefix(WORD_START)


def character_spans(text: str, encoding: RawEncoding) -> IntArray:
    """Characters of each token, int64 [t, 2], without the space before a word.

    SentencePiece counts it in; a token of nothing but spaces covers no characters.
    """
    trimmed = [(end - len(text[start:end].lstrip()), end) for start, end in encoding.offsets]
    return np.array(trimmed, dtype=np.int64).reshape(-1, 2)


def without_surrogates(text: str) -> str:
    """Lone surrogates cannot be encoded: each becomes a question mark, lengths stay."""
    return text.encode("utf-8", "replace").decode("utf-8")
