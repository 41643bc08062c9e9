"""What a checker is, and which there are."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol

from rag.errors import SettingsError
from rag.types import CheckerCost, CheckerFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.encoders.base import Encoder
    from rag.settings import EncoderSettings, GroundSettings
    from rag.types import Check, Claim, Evidence, Sampling, TokenVectors


@dataclass(frozen=True, slots=True)
class CheckCase:
    """A claim that can be checked, and at least one piece of evidence.

    `claim_tokens` are the token vectors of the claim's text, `evidence_tokens` those of each
    quote, with spans in it; a row's length is what its token counts for. `question` is what
    the answer answers, "" where that is not known.
    """

    claim: Claim
    evidence: tuple[Evidence, ...]
    claim_tokens: TokenVectors
    evidence_tokens: tuple[TokenVectors, ...]
    question: str = ""

    @property
    def quotes(self) -> str:
        """The evidence in the order of the passages, as a reader would see it."""
        ordered = sorted(self.evidence, key=lambda each: (each.passage, each.start))
        return "\n".join(evidence.quote for evidence in ordered)


class Checker(Protocol):
    """Says how well claims are supported by their evidence. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Its key in CHECKERS."""
        ...

    @property
    def family(self) -> CheckerFamily:
        """How it works."""
        ...

    @property
    def cost(self) -> CheckerCost:
        """What it spends on a claim."""
        ...

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """One check a case, in order.

        What fails for one case only is a `Check` with an error; any TridentError,
        RuntimeError, ValueError or OSError that is raised counts as an error in all.
        """
        ...


class Asker(Protocol):
    """Asks a language model. Safe to call from several threads."""

    def ask(self, prompt: str, sampling: Sampling, **quoted: str) -> str:
        """What it says to the prompt of that name.

        What is `quoted` is escaped: nothing in it can give orders.
        Raises: GenerationError, GenerationTimeoutError.
        """
        ...


@dataclass(frozen=True, slots=True)
class CheckerTools:
    """What a checker may be made of.

    `asker` is None where no language model is in use; `reader` is the encoder that is loaded.
    """

    settings: GroundSettings
    encoder: EncoderSettings
    asker: Asker | None = None
    reader: Encoder | None = None

    def needed_reader(self, checker: str) -> Encoder:
        """The encoder. Raises: SettingsError where there is none."""
        if self.reader is None:
            raise SettingsError(f"The checker {checker} needs an encoder; none is loaded.")
        return self.reader


class LoadChecker(Protocol):
    """What a class of checkers offers: its constructor."""

    def __call__(self, tools: CheckerTools) -> Checker:
        """Load what it needs. Raises: SettingsError, WeightsError."""
        ...


@dataclass(frozen=True, slots=True)
class CheckerEntry:
    """A known checker; its class is named as "module:name", since it may import a lot."""

    family: CheckerFamily
    cost: CheckerCost
    checker_class: str


CHECKERS: Mapping[str, CheckerEntry] = {
    "alignment": CheckerEntry(
        CheckerFamily.FACT_OVERLAP,
        CheckerCost.ARITHMETIC,
        "rag.ground.alignment:AlignmentChecker",
    ),
    "facts": CheckerEntry(
        CheckerFamily.FACT_OVERLAP, CheckerCost.ARITHMETIC, "rag.ground.facts.checker:FactsChecker"
    ),
    "nli": CheckerEntry(
        CheckerFamily.CLASSIFIER, CheckerCost.SMALL_MODEL, "rag.ground.nli:NliChecker"
    ),
    "judge": CheckerEntry(
        CheckerFamily.PROMPTING, CheckerCost.LANGUAGE_MODEL, "rag.ground.judge:JudgeChecker"
    ),
    "consistency": CheckerEntry(
        CheckerFamily.UNCERTAINTY,
        CheckerCost.LANGUAGE_MODEL,
        "rag.ground.consistency:ConsistencyChecker",
    ),
    "qa": CheckerEntry(
        CheckerFamily.QUESTION_ANSWERING, CheckerCost.LANGUAGE_MODEL, "rag.ground.qa:QaChecker"
    ),
}


def load_checkers(names: Iterable[str], tools: CheckerTools) -> tuple[Checker, ...]:
    """The checkers of these names, each once. Raises: SettingsError, WeightsError."""
    return tuple(_load(name, tools) for name in dict.fromkeys(names))


def need_language_model(names: Iterable[str]) -> bool:
    """Whether one of these checkers asks a language model; unknown names need nothing."""
    known = (CHECKERS[name] for name in names if name in CHECKERS)
    return any(entry.cost is CheckerCost.LANGUAGE_MODEL for entry in known)


def needed_asker(tools: CheckerTools, checker: str) -> Asker:
    """Who asks the language model. Raises: SettingsError where there is none."""
    if tools.asker is None:
        raise SettingsError(
            f"The checker {checker} needs a language model; set generator.model to local or to "
            "provider:model, or take it out of ground.checkers."
        )
    return tools.asker


def _load(name: str, tools: CheckerTools) -> Checker:
    entry = CHECKERS.get(name)
    if entry is None:
        raise SettingsError(
            f"There is no checker {name!r}; ground.checkers can name {', '.join(CHECKERS)}."
        )
    load: LoadChecker = resolve_name(entry.checker_class)
    return load(tools)
