"""What an answer is made of while it is made, in this order:

    retrieval (token | citation)* usage? grounding? done     or, at any point,     error

The texts of the tokens add up to the answer's text. Where a policy may change the answer, they
come when it is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from rag.types.answer import Answer, Citation
    from rag.types.chat import Usage
    from rag.types.ground import Grounding
    from rag.types.search import SearchResult


@dataclass(frozen=True, slots=True)
class RetrievalEvent:
    """The passages were found; `search.question` is the standalone question."""

    search: SearchResult
    event: ClassVar[str] = "retrieval"


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """The next piece of the answer, citation marks included."""

    text: str
    event: ClassVar[str] = "token"


@dataclass(frozen=True, slots=True)
class CitationEvent:
    """What a new number in the text stands for; once for each number, beside its mark."""

    citation: Citation
    event: ClassVar[str] = "citation"


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """Tokens spent on the whole answer, the condensing of the question included."""

    usage: Usage
    event: ClassVar[str] = "usage"


@dataclass(frozen=True, slots=True)
class GroundingEvent:
    """What the checks say of the answer as it is given; none where nothing was checked."""

    grounding: Grounding
    event: ClassVar[str] = "grounding"


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The whole answer; the last event."""

    answer: Answer
    event: ClassVar[str] = "done"


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """What went wrong, as one sentence with the error's stable code; the last event."""

    code: str
    message: str
    event: ClassVar[str] = "error"


AnswerEvent: TypeAlias = (
    RetrievalEvent
    | TokenEvent
    | CitationEvent
    | UsageEvent
    | GroundingEvent
    | DoneEvent
    | ErrorEvent
)
