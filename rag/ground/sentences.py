"""Sentences with their character offsets, in any language."""

from __future__ import annotations

from dataclasses import dataclass

from sentencex import get_sentence_boundaries

# Segmentation rules of one language serve all: sentencex falls back along its language
# tree, and its rules for sentence-final marks cover all scripts.
LANGUAGE = "en"
FINAL_MARKS = ".!?…。！？｡؟۔।።"
# sentencex 1.0 panics on white space that is longer than one byte beside an initial.
# One character for one: offsets stay.
ASCII_SPACES = {
    ord(space): " "
    for space in "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
}
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

    def moved(self, by: int) -> Sentence:
        """The same sentence in a text that has `by` more characters before it."""
        return Sentence(self.start + by, self.end + by, self.text)


def split_sentences(text: str) -> list[Sentence]:
    """Cut `text` into sentences; white space between them belongs to none."""
    spans = (
        _trim(text, boundary["start_index"], boundary["end_index"])
        for boundary in get_sentence_boundaries(LANGUAGE, text.translate(ASCII_SPACES))
    )
    return [Sentence(start, end, text[start:end]) for start, end in spans if start < end]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
