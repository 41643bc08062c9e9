"""An answer written anew from a place in it, by the model that wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.generate.cited import CitedText
from rag.generate.escape import escape, escape_line
from rag.generate.sent import written
from rag.ground.claims import CITATION_MARK, split_claims
from rag.ground.policy.rewriter import CitedAnswer
from rag.types import Sampling, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.generate.prompt import Prompt
    from rag.generate.sent import SentPassage
    from rag.generate.support import SupportFinder
    from rag.settings import GeneratorSettings
    from rag.types import Citation, LanguageModel

SAMPLED = 1.0  # temperature of what is tried
LIKELIEST = 0.0  # and of what is kept
SENTENCE_TOKENS = 128
OWN_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(slots=True)
class ChatRewriter:
    """A `Rewriter` that asks a language model; of one answer, used from one thread."""

    model: LanguageModel
    prompt: Prompt
    settings: GeneratorSettings
    question: str
    passages: Sequence[SentPassage]
    finder: SupportFinder
    text: str
    usage: Usage = field(default_factory=Usage, init=False)

    def sentences_after(self, before: str, count: int) -> list[str]:
        """One call of the model for each; each has its marks."""
        tokens = min(SENTENCE_TOKENS, self.settings.max_tokens)
        first = self.settings.seed
        seeds = [None if first is None else first + 1 + each for each in range(count)]
        return [
            _first_sentence(self._continue(before, Sampling(SAMPLED, tokens, seed=seed)))
            for seed in seeds
        ]

    def rest_after(self, before: str) -> str:
        """One call of the model."""
        tokens, seed = self.settings.max_tokens, self.settings.seed
        return self._continue(before, Sampling(LIKELIEST, tokens, seed=seed)).strip()

    def cited(self, text: str) -> CitedAnswer:
        """As a new answer is cited."""
        cited = CitedText(self.finder, self.settings.support)
        for _ in (*cited.feed(text), *cited.finish()):
            pass
        return CitedAnswer(cited.shown, tuple(cited.sentences), tuple(cited.citations.values()))

    def _continue(self, before: str, sampling: Sampling) -> str:
        messages = self.prompt.messages(
            passages=written(self.passages),
            question=escape_line(self.question),
            answer=escape(CITATION_MARK.sub("", before)),
        )
        deltas = list(self.model.stream(messages, sampling))
        self.usage += deltas[-1].usage or Usage() if deltas else Usage()
        return "".join(delta.text for delta in deltas)


def as_sent(text: str, citations: Sequence[Citation], passages: Sequence[SentPassage]) -> str:
    """The text with the numbers that its passages were sent under, for those of its citations."""
    sent = {part.id: passage.number for passage in passages for part in passage.parts}
    numbers: Mapping[str, int] = {
        str(citation.number): sent[citation.chunk_id] for citation in citations
    }
    return OWN_MARK.sub(lambda mark: f"[{numbers.get(mark[1], mark[1])}]", text)


def _first_sentence(text: str) -> str:
    """With the marks behind it; "" where the text claims nothing."""
    claims = split_claims(text)
    first = next((place for place, claim in enumerate(claims) if claim.checkable), None)
    if first is None:
        return ""
    end = claims[first + 1].start if first + 1 < len(claims) else len(text)
    return text[claims[first].start : end].strip()
