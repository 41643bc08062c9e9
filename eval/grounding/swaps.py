"""Sentences of passages in which one fact is exchanged for another of its kind.

For each passage there are two answers: a sentence of it, reworded, and the same with a number,
a date or a name replaced by another that occurs in the same passage ("near"), or in another
one ("far"). The first is supported, the second is not, and both were reworded alike. What is
a fact is told by patterns of this file, which share nothing with those of the checkers.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.data.records import read_records
from eval.grounding.data import LabelledAnswer, part_of
from rag.ground.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from eval.grounding.data import Part

SEED = 20_240_607
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
WORDS_OF_A_SENTENCE = range(7, 41)
DROPPED_SHARE = 0.15
TRIED = 3  # passages for each pair, since not all have facts that can be exchanged


# The first that matches at a place is the kind. A name does not begin its sentence.
FACTS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:\d{{1,2}} )?(?:{MONTHS})(?: \d{{1,2}})?(?:,? \d{{4}})?\b|\b(?:1[0-9]|20)\d\d\b"
    ),
    "number": re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])"),
    "name": re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*\b"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Characters `start` to `end` of a sentence: a number, a date or a name."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A passage with the facts of each of its sentences."""

    passage: str
    sentences: tuple[tuple[str, tuple[Fact, ...]], ...]

    def facts(self) -> Iterator[Fact]:
        """All facts of the passage."""
        for _, facts in self.sentences:
            yield from facts


def swapped_facts(path: Path, part: Part, pairs: int) -> list[LabelledAnswer]:
    """At most `pairs` pairs of answers, the same for every call.

    `path` is a JSONL file of passages, {paragraph | text, title?}; those of one title are all
    in one part. Raises: SourceError.
    """
    rng = random.Random(f"{SEED} {part}")  # noqa: S311 - to be repeated, not to be secret
    passages = list(_passages(path, part))
    rng.shuffle(passages)
    sources = [source for text in passages[: TRIED * pairs] if (source := _source(text)).sentences]
    elsewhere = _by_kind(fact for source in sources for fact in source.facts())
    made = [pair for source in sources if (pair := _pair(source, elsewhere, rng))]
    return [answer for pair in made[:pairs] for answer in pair]


def find_facts(sentence: str) -> tuple[Fact, ...]:
    """The numbers, dates and names of a sentence, in order, none inside another."""
    found: list[Fact] = []
    for kind, pattern in FACTS.items():
        for match in pattern.finditer(sentence):
            if not any(match.start() < fact.end and fact.start < match.end() for fact in found):
                found.append(Fact(kind, match[0], *match.span()))
    return tuple(sorted(found, key=lambda fact: fact.start))


def _passages(path: Path, part: Part) -> Iterator[str]:
    for record in read_records(path):
        text = record.text("paragraph", "text")
        document = record.text("title", default="") or text
        if part_of(document) is part:
            yield text


def _source(passage: str) -> Source:
    sentences = [s.text for s in split_sentences(passage) if s.is_complete]
    usable = [text for text in sentences if len(text.split()) in WORDS_OF_A_SENTENCE]
    found = [(text, find_facts(text)) for text in usable]
    return Source(passage, tuple((text, facts) for text, facts in found if facts))


def _by_kind(facts: Iterable[Fact]) -> Mapping[str, Sequence[str]]:
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for fact in facts:
        texts[fact.kind].append(fact.text)
    return texts


def _pair(
    source: Source, elsewhere: Mapping[str, Sequence[str]], rng: random.Random
) -> tuple[LabelledAnswer, LabelledAnswer] | None:
    """The supported and the unsupported answer; None if nothing could be exchanged."""
    kind = rng.choice(sorted({fact.kind for fact in source.facts()}))
    sentence, fact = rng.choice(
        [(s, f) for s, facts in source.sentences for f in facts if f.kind == kind]
    )
    near = [other.text for other in source.facts() if other.kind == fact.kind]
    distance, others = rng.choice([("near", near), ("far", elsewhere[fact.kind])])
    usable = [other for other in others if _differs(other, fact.text, sentence)]
    if not usable:
        return None
    reworded = rng.choice(REWORDINGS)(sentence, fact, rng)
    other = rng.choice(usable)
    name = f"{fact.kind} {distance}"
    true, false = (reworded.replace(PLACE, text) for text in (_reformatted(fact, rng), other))
    return (
        LabelledAnswer(source.passage, true, True, source=name),
        LabelledAnswer(source.passage, false, False, source=name),
    )


def _differs(other: str, fact: str, sentence: str) -> bool:
    """Neither is a part of the other, and the sentence does not hold it elsewhere."""
    return other not in fact and fact not in other and other not in sentence


PLACE = "\ufffc"  # where the fact goes


def _as_it_is(sentence: str, fact: Fact, rng: random.Random) -> str:  # noqa: ARG001 - one shape
    return sentence[: fact.start] + PLACE + sentence[fact.end :]


def _framed(sentence: str, fact: Fact, rng: random.Random) -> str:
    return f"According to the text, {_as_it_is(sentence, fact, rng)}"


def _clause(sentence: str, fact: Fact, rng: random.Random) -> str:
    """The part between commas that holds the fact, if that is more than some words."""
    clauses = re.split(r"(?:,|;| but| while| which) ", _as_it_is(sentence, fact, rng))
    clause = next(each for each in clauses if PLACE in each)
    if len(clause.split()) < WORDS_OF_A_SENTENCE.start:
        return _as_it_is(sentence, fact, rng)
    return clause[0].upper() + clause[1:].rstrip(".") + "."


def _shortened(sentence: str, fact: Fact, rng: random.Random) -> str:
    """Without some of its words in small letters."""
    words = _as_it_is(sentence, fact, rng).split()
    return " ".join(w for w in words if not w.islower() or rng.random() > DROPPED_SHARE)


REWORDINGS: Sequence[Callable[[str, Fact, random.Random], str]] = (
    _as_it_is,
    _framed,
    _clause,
    _shortened,
)


def _reformatted(fact: Fact, rng: random.Random) -> str:
    """The fact as another writer might put it, half of the time."""
    if rng.random() < 0.5:
        return fact.text
    if fact.kind == "number":
        return re.sub(r",(?=\d{3}(?!\d))", "", fact.text)
    return re.sub(rf"^({MONTHS}) (\d{{1,2}})(?=,|$)", r"\2 \1", fact.text)
