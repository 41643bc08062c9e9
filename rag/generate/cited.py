"""An answer as it is written, its citations checked and set sentence by sentence.

What a model cites is not believed: a number must be that of a passage that was sent, and the
passage must support the sentence. A sentence that is left without one gets the passage that
supports it best, where one does. Marks stand after their sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.generate.marks import Mark, MarkReader
from rag.ground.not_claims import claims_something
from rag.ground.sentences import split_sentences
from rag.types import AnswerSentence, Citation, CitationEvent, TokenEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.generate.marks import Piece
    from rag.generate.support import Support, SupportFinder


@dataclass(slots=True)
class CitedText:
    """Feed it a model's text; it gives the text with checked marks, and keeps the answer.

    `shown` is the text so far; citations are numbered in order of their first mark, one a
    passage and quote.
    """

    finder: SupportFinder
    least_support: float
    sentences: list[AnswerSentence] = field(default_factory=list, init=False)
    citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict, init=False)
    shown: str = field(default="", init=False)
    unknown: int = field(default=0, init=False)
    unsupported: int = field(default=0, init=False)
    _reader: MarkReader = field(default_factory=MarkReader, init=False)
    _sentence: str = field(default="", init=False)  # with the white space before it
    _given: int = field(default=0, init=False)  # characters of it that were shown
    _marked: dict[int, None] = field(default_factory=dict, init=False)

    def feed(self, text: str) -> Iterator[TokenEvent | CitationEvent]:
        """More of the model's text."""
        yield from self._take(self._reader.feed(text))

    def finish(self) -> Iterator[TokenEvent | CitationEvent]:
        """The end of the model's text."""
        yield from self._take(self._reader.finish())
        yield from self._end_sentence()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the model cited wrongly."""
        counted = (
            (self.unknown, "no passage that was sent has such a number"),
            (self.unsupported, "the passage does not support its sentence"),
        )
        return tuple(
            f"{count} citation{'s' if count > 1 else ''} of the model taken out: {why}."
            for count, why in counted
            if count
        )

    def _take(self, pieces: Iterator[Piece]) -> Iterator[TokenEvent | CitationEvent]:
        for piece in pieces:
            if isinstance(piece, Mark):
                self._marked.update(dict.fromkeys(piece.numbers))
            else:
                yield from self._add(piece)

    def _add(self, text: str) -> Iterator[TokenEvent | CitationEvent]:
        """Text of one or more sentences; a sentence ends where the next one begins."""
        whole = self._sentence + text
        parts = [each for each in split_sentences(whole) if each.end >= self._given]
        cuts = [before.end for before in parts[:-1]]
        for start, end in zip([0, *cuts], cuts, strict=False):
            self._sentence = whole[start:end]
            yield from self._end_sentence()
        self._sentence = whole[cuts[-1] :] if cuts else whole
        yield from self._show(len(self._sentence.rstrip()))

    def _show(self, end: int) -> Iterator[TokenEvent]:
        """The sentence so far, but for white space that marks may yet stand before."""
        start = self._given if self.shown else len(self._sentence) - len(self._sentence.lstrip())
        if end > start:
            text = self._sentence[start:end]
            self.shown += text
            self._given = end
            yield TokenEvent(text)

    def _end_sentence(self) -> Iterator[TokenEvent | CitationEvent]:
        yield from self._show(len(self._sentence.rstrip()))
        text, marked = self._sentence.strip(), tuple(self._marked)
        self._sentence, self._given, self._marked = "", 0, {}
        if not text:
            return
        numbers = []
        for support in self._supporting(text, marked):
            number, new = self._number(support)
            numbers.append(number)
            self.shown += f" [{number}]"
            yield TokenEvent(f" [{number}]")
            if new:
                yield CitationEvent(new)
        self.sentences.append(AnswerSentence(text, tuple(numbers)))

    def _supporting(self, sentence: str, marked: tuple[int, ...]) -> list[Support]:
        """What is cited rightly, else the best there is, else nothing."""
        if not claims_something(sentence):
            self.unsupported += len(marked)
            return []
        by_number = {support.passage.number: support for support in self.finder.of(sentence)}
        known = [by_number[number] for number in marked if number in by_number]
        right = [support for support in known if support.score >= self.least_support]
        self.unknown += len(marked) - len(known)
        self.unsupported += len(known) - len(right)
        best = max(by_number.values(), key=lambda support: support.score, default=None)
        if right or best is None or best.score < self.least_support:
            return right
        return [best]

    def _number(self, support: Support) -> tuple[int, Citation | None]:
        """Its number in the answer, and the citation where it is new."""
        sent, quote = support.passage, support.quote
        start, end = sent.chunk.start + quote.start, sent.chunk.start + quote.end
        key = (sent.chunk.doc_id, start, end)
        if key in self.citations:
            return self.citations[key].number, None
        part = sent.part_at(start)
        citation = Citation(
            number=len(self.citations) + 1,
            chunk_id=part.id,
            doc_id=part.doc_id,
            title=part.title,
            start=start,
            end=end,
            quote=quote.text,
        )
        self.citations[key] = citation
        return citation.number, citation
