"""Questions made of text alone: cropped sentences and titles, which ask for a topic.

They keep the heads from learning nothing but one data set's way of asking.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from indexers.training.passages import Passages, Question
from rag.errors import SourceError
from rag.ground.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FEWEST_WORDS, MOST_WORDS = 6, 50
PASSAGE_WORDS = 100
FEWEST_NEIGHBOURS = 3


def topical_questions(passages: Passages, titles: bool, seed: int) -> list[Question]:
    """A sentence of each passage, asked of its neighbours in the article.

    With `titles`, the name of each article too, asked of its first passages. Articles of
    three passages or fewer are left out: a question needs neighbours.
    """
    source = random.Random(seed)  # noqa: S311 - sampling, no secret
    long = {g: p for g, p in passages.by_group.items() if len(p) > FEWEST_NEIGHBOURS}
    found = [
        Question(source.choice(sentences), index)
        for indices in long.values()
        for index in indices
        if (sentences := _sentences(passages.texts[index]))
    ]
    named = [Question(group, indices[0]) for group, indices in long.items()] if titles else []
    return found + named


def read_unlabelled(path: Path) -> Passages:
    """Documents `{"docid", "text"}` a line, cut into passages of whole sentences.

    Raises: SourceError that names the line.
    """
    texts, groups = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            document, text = str(record["docid"]), str(record["text"])
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{path}:{number} is no record of docid and text.") from error
        pieces = list(whole_sentences(s.text for s in split_sentences(text)))
        texts += pieces
        groups += [document] * len(pieces)
    return Passages(tuple(texts), tuple(groups))


def joined(first: Passages, *others: Passages) -> Passages:
    """All passages, those of `first` keeping their indices."""
    every = (first, *others)
    return Passages(
        tuple(text for each in every for text in each.texts),
        tuple(group for each in every for group in each.groups),
    )


def _sentences(text: str) -> list[str]:
    found = (sentence.text for sentence in split_sentences(text))
    return [text for text in found if FEWEST_WORDS <= len(text.split()) <= MOST_WORDS]


def whole_sentences(sentences: Iterable[str], words: int = PASSAGE_WORDS) -> Iterator[str]:
    """Sentences joined until there are enough words; what is left over comes last."""
    taken: list[str] = []
    count = 0
    for sentence in sentences:
        taken.append(sentence)
        count += len(sentence.split())
        if count >= words:
            yield " ".join(taken)
            taken, count = [], 0
    if taken:
        yield " ".join(taken)
