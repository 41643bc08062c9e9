"""From a claim's checks to its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.types import HallucinationKind, Verdict, VerdictLabel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.ground.combine import Thresholds
    from rag.types import Check, Claim, Evidence, UnsupportedSpan

# What is wrong, as far as one can tell from the passages alone.
KINDS: Mapping[VerdictLabel, HallucinationKind] = {
    VerdictLabel.PARTIALLY_SUPPORTED: HallucinationKind.FACTUAL_FABRICATION,
    VerdictLabel.UNSUPPORTED: HallucinationKind.FACTUAL_FABRICATION,
    VerdictLabel.CONTRADICTED: HallucinationKind.CONTEXT_INCONSISTENCY,
}


def not_checkable(claim: Claim) -> Verdict:
    """Of a sentence that claims nothing."""
    return Verdict(claim, VerdictLabel.NOT_CHECKABLE)


def without_evidence(claim: Claim) -> Verdict:
    """Of a claim for which the passages have no place at all: it is never supported."""
    return Verdict(claim, VerdictLabel.UNSUPPORTED, score=0.0, kind=KINDS[VerdictLabel.UNSUPPORTED])


def verdict(
    claim: Claim,
    evidence: Sequence[Evidence],
    checks: Sequence[Check],
    score: float | None,
    thresholds: Thresholds,
) -> Verdict:
    """Of a checked claim; `score` is None where a checker failed or none has
    anything to say."""
    label = _label(checks, score, thresholds)
    found = label is VerdictLabel.SUPPORTED
    return Verdict(
        claim=claim,
        label=label,
        score=score,
        kind=KINDS.get(label),
        evidence=tuple(evidence),
        checks=tuple(checks),
        unsupported=()
        if found
        else merged([span for check in checks for span in check.unsupported]),
    )


def merged(spans: Sequence[UnsupportedSpan]) -> tuple[UnsupportedSpan, ...]:
    """In order, without those that lie inside another one."""
    kept: list[UnsupportedSpan] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _label(checks: Sequence[Check], score: float | None, thresholds: Thresholds) -> VerdictLabel:
    if any(check.error is not None for check in checks):
        return VerdictLabel.ERROR
    if score is None:
        return VerdictLabel.NOT_CHECKABLE
    if score >= thresholds.supported:
        return VerdictLabel.SUPPORTED
    if any(check.contradicts for check in checks):
        return VerdictLabel.CONTRADICTED
    if score >= thresholds.partially_supported:
        return VerdictLabel.PARTIALLY_SUPPORTED
    return VerdictLabel.UNSUPPORTED
