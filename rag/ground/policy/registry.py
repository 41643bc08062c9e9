"""The policies by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.ground.policy.abstain import abstain
from rag.ground.policy.base import unchanged
from rag.ground.policy.correct import correct
from rag.ground.policy.strip import strip
from rag.types import GroundPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.ground.policy.base import Policy


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """A policy; `changes`: it may change the answer, so that none is shown before."""

    apply: Policy
    changes: bool = True
    refuses_weak_retrieval: bool = False


# OFF is not among them: nothing is checked then.
POLICIES: Mapping[GroundPolicy, PolicyEntry] = {
    GroundPolicy.ANNOTATE: PolicyEntry(unchanged, changes=False),
    GroundPolicy.STRIP: PolicyEntry(strip),
    GroundPolicy.ABSTAIN: PolicyEntry(abstain, refuses_weak_retrieval=True),
    GroundPolicy.CORRECT: PolicyEntry(correct),
}
