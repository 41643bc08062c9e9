"""Answers with one sentence that is right, or wrong in one fact, and what a model may offer for it.

Made of the pairs of `eval.grounding.swaps`: the target is a reworded sentence of a passage, and
around it stand other sentences of that passage, as they are.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.grounding.data import Part
from eval.grounding.swaps import find_facts, swapped_facts
from rag.ground.policy.correct import normalised
from rag.ground.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from eval.grounding.data import LabelledAnswer

SEED = 7
WORDS_OF_A_SENTENCE = range(6, 41)
FACTS_TRIED = 3  # for a third version, wrong in another fact than the second one


@dataclass(frozen=True, slots=True)
class CorrectionCase:
    """`right` and `wrong` are versions of one sentence, `before` and `after` stand around it.

    `offered` is what a model samples when it is asked for that sentence again.
    """

    passage: str
    before: str
    right: str
    wrong: str
    after: str
    offered: tuple[str, ...]

    def answer(self, *, right: bool) -> str:
        """The answer with the one or the other version."""
        return f"{self.before} {self.right if right else self.wrong} {self.after}"


def correction_cases(path: Path, pairs: int) -> list[CorrectionCase]:
    """At most so many cases, the same for every call. Raises: SourceError.

    They are of the part of the passages that no weights are fitted on.
    """
    answers = swapped_facts(path, Part.TEST, 2 * pairs)
    made = _cases(list(zip(answers[::2], answers[1::2], strict=True)))
    return [case for case, _ in zip(made, range(pairs), strict=False)]


def _cases(pairs: Sequence[tuple[LabelledAnswer, LabelledAnswer]]) -> Iterator[CorrectionCase]:
    rng = random.Random(SEED)  # noqa: S311 - to be repeated, not to be secret
    for place, (right, wrong) in enumerate(pairs):
        around = _around(right.context, right.answer)
        other = pairs[place - 1][0].answer
        if around:
            offered = _offered(right.answer, wrong.answer, other, rng)
            yield CorrectionCase(
                right.context,
                around[0],
                _whole(right.answer),
                _whole(wrong.answer),
                around[1],
                tuple(map(_whole, offered)),
            )


def _offered(right: str, wrong: str, other: str, rng: random.Random) -> list[str]:
    """Eight: the right one twice, the same error thrice, another error, what is elsewhere."""
    third = _third(right, wrong, other, rng)
    offered = [right, right, wrong, wrong, wrong.rstrip(".") + " .", third, third, other]
    rng.shuffle(offered)
    return offered


def _third(right: str, wrong: str, other: str, rng: random.Random) -> str:
    """The right sentence with another fact of its kind from elsewhere; else what is wrong."""
    facts = list(find_facts(right))
    rng.shuffle(facts)
    for fact in facts[:FACTS_TRIED]:
        usable = [f.text for f in find_facts(other) if f.kind == fact.kind and f.text not in right]
        if usable:
            return right[: fact.start] + rng.choice(usable) + right[fact.end :]
    return wrong


def _around(passage: str, target: str) -> tuple[str, str] | None:
    """The first and the last sentence of the passage that are not the target's source."""
    words = set(normalised(target).split())
    free = [
        sentence.text
        for sentence in split_sentences(passage)
        if sentence.is_complete
        and len(sentence.text.split()) in WORDS_OF_A_SENTENCE
        and len(words & set(normalised(sentence.text).split())) < len(words) / 2
    ]
    return (free[0], free[-1]) if len(free) > 1 else None


def _whole(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
