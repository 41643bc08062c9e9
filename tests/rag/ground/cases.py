"""Claims held against texts by the real encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ground.claims import split_claims
from rag.ground.evidence import EvidencePool
from rag.ground.passages import as_chunks
from rag.types import Claim, Evidence, TokenVectors

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.ground.checker import CheckCase


def case_of(encoder: Encoder, claim: str, *passages: str, limit: int = 3) -> CheckCase:
    """The one claim of a text, with evidence from the passages."""
    (found,) = split_claims(claim)
    return EvidencePool(as_chunks(passages), encoder).case(found, limit)


def plain_case(claim: str, quote: str, score: float = 0.9) -> CheckCase:
    """A claim and one quote, without token vectors, for checkers that need none."""
    import numpy as np

    from rag.ground.checker import CheckCase

    none = TokenVectors(np.zeros((0, 2), np.float32), np.zeros((0, 2), np.int64))
    evidence = Evidence(1, "c", "d", 0, len(quote), quote, score)
    return CheckCase(Claim(0, len(claim), claim, True), (evidence,), none, (none,))
