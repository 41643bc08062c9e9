"""What an indexing run did."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not indexed: a file, a folder, or `file:line` of a JSONL record."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A document that was left out: `likeness` of its words, in [0, 1], are those of `doc_id`."""

    source: str
    doc_id: str
    likeness: float


@dataclass(slots=True)
class IndexReport:
    """Counts of documents, what was skipped and why, and where the time went.

    Only what the store has confirmed is counted as added, replaced or deleted.
    `chunks` were written in this run; `windowed` of them were longer than a model reads at
    once and were read in windows. `seconds` is wall time a stage: find; parse and chunk, encode,
    and write, which overlap; prune; and wait (for the full-text index). While `starved`,
    encoding waited for something to encode; while `blocked`, for the writer. `forward_seconds`
    is the part of `encode` that the models' forward passes took.
    """

    collection: str
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    deleted: int = 0
    chunks: int = 0
    windowed: int = 0
    skipped: list[Skip] = field(default_factory=list)
    duplicates: list[Repeat] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    total_seconds: float = 0.0
    forward_seconds: float = 0.0
    interrupted: bool = False
    failed_fast: bool = False  # ended at the first failure, as was asked for

    @property
    def skip_counts(self) -> dict[str, int]:
        """How often each reason was given, most frequent first."""
        return dict(Counter(skip.reason for skip in self.skipped).most_common())

    @property
    def outside_forward_share(self) -> float:
        """Share of the run that was not spent in forward passes, in [0, 1]."""
        if not self.total_seconds:
            return 0.0
        return max(0.0, 1.0 - self.forward_seconds / self.total_seconds)

    @property
    def next_step(self) -> str:
        """What to do after an interruption; empty when the run is complete."""
        if self.failed_fast:
            return "Ended at the first failure: mend it, then run the same command again."
        if not self.interrupted:
            return ""
        return "Interrupted: run the same command again to index the rest; what is done is kept."

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            **asdict(self),
            "skip_counts": self.skip_counts,
            "outside_forward_share": self.outside_forward_share,
            "next_step": self.next_step,
        }
