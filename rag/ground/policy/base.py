"""What a policy is: a checked answer in, an answer with its grounding out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.ground.policy.checks import AnswerChecks
    from rag.ground.policy.rewriter import CitedAnswer, Rewriter
    from rag.settings import GroundSettings
    from rag.types import Correction, Grounding


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """An answer, what its checks say, and what can be done with it.

    `rewriter` is None where no language model wrote the answer.
    """

    answer: CitedAnswer
    grounding: Grounding
    checks: AnswerChecks
    rewriter: Rewriter | None
    settings: GroundSettings


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to give; `grounding` is of its text."""

    answer: CitedAnswer
    grounding: Grounding
    corrections: tuple[Correction, ...] = ()
    notices: tuple[str, ...] = ()


class Policy(Protocol):
    """Decides on an answer."""

    def __call__(self, case: PolicyCase) -> Outcome:
        """The answer to give. Raises: GenerationError, GenerationTimeoutError."""
        ...


def unchanged(case: PolicyCase) -> Outcome:
    """The answer as it is, with its verdicts: the policy `annotate`."""
    return Outcome(case.answer, case.grounding)
