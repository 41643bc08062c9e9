"""What a provider's client raised: whether to try again, and one sentence for the user.

Clients share no tree of errors. What they have in common is an HTTP status, on the error or on
its response, and the names of what the HTTP library raised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import GenerationError, GenerationTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TRANSIENT_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
TIMEOUT = re.compile(r"Time(d)?_?out", re.IGNORECASE)
CONNECTION = re.compile(r"Connect|Network|RemoteProtocol|ReadError|WriteError|Transport")
HINTS: Mapping[int, str] = {
    400: "it refused the request: see that generator.context_tokens is what the model can read",
    401: "give a valid key in the environment variable that holds it",
    403: "see that the key may use this model",
    404: "see that the model exists and that generator.base_url is right",
    413: "the prompt is too long: lower answer.passages",
    429: "it is asked too often or its quota is used up: ask again later",
}
OTHER_STATUS = "ask again later, or choose another model"


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong. `transient`: the same request may succeed in a moment."""

    status: int | None
    timeout: bool
    transient: bool

    def error(self, model: str) -> GenerationError:
        """The error for the user. It says nothing that a server said: that may hold a key."""
        if self.timeout:
            return GenerationTimeoutError(
                f"{model} was silent for too long; raise generator.timeout or ask again later."
            )
        if self.status is not None:
            hint = HINTS.get(self.status, OTHER_STATUS)
            return GenerationError(f"{model} answered with HTTP status {self.status}; {hint}.")
        if self.transient:
            return GenerationError(
                f"{model} cannot be reached, or the connection broke; see that it runs and that "
                "generator.base_url is right."
            )
        return GenerationError(
            f"{model} failed in a way that its client does not explain; see that the model and "
            "the generator settings fit together."
        )


def fault_of(error: BaseException) -> Fault:
    """Classify what a client raised."""
    chain = list(_chain(error))
    status = next((code for each in chain if (code := _status(each)) is not None), None)
    names = [base.__name__ for each in chain for base in type(each).__mro__]
    timeout = any(TIMEOUT.search(name) for name in names)
    broken = any(CONNECTION.search(name) for name in names)
    transient = status in TRANSIENT_STATUSES if status is not None else timeout or broken
    return Fault(status, timeout and status is None, transient)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None
