"""Sentences with their character offsets, in any language."""

from __future__ import annotations

from dataclasses import dataclass

from sentencex import get_sentence_boundaries

# Segmentation rules of one language serve all: sentencex falls back along its language
# tree, and its rules for sentence-final marks cover all scripts.
LANGUAGE = "en"
FINAL_MARKS = ".!?…。！？｡؟۔।።"
CLOSING_MARKS = "\"'”’»)]」』）】*_"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` without the white space around it."""

    start: int
    end: int
    text: str

    @property
    def is_complete(self) -> bool:
        """Ends as a sentence does; a heading, a table row or a code line does not."""
        return self.text.rstrip(CLOSING_MARKS).endswith(tuple(FINAL_MARKS))


def split_sentences(text: str) -> list[Sentence]:
    """Cut `text` into sentences; white space between them belongs to none."""
    spans = (
        _trim(text, boundary["start_index"], boundary["end_index"])
        for boundary in get_sentence_boundaries(LANGUAGE, text)
    )
    return [Sentence(start, end, text[start:end]) for start, end in spans if start < end]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
