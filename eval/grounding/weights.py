"""The file of weights that `rag.ground.combine` reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.ground.combine import Fit


@dataclass(frozen=True, slots=True)
class FittedOn:
    """A set of data, and how many answers of its first half the weights were fitted on."""

    name: str
    sha256: str
    answers: int


def weights_record(fits: Sequence[Fit], data: Sequence[FittedOn]) -> Mapping[str, Any]:
    """The content of a file of weights, ready for JSON."""
    return {
        "about": "Made by `trident eval grounding --fit`: logistic regression over signals.",
        "date": datetime.now(UTC).date().isoformat(),
        "data": [asdict(each) for each in data],
        "fits": [
            {
                "checkers": sorted(fit.checkers),
                "bias": fit.bias,
                "weights": dict(fit.weights),
                "thresholds": {
                    name: round(value, 4) for name, value in asdict(fit.thresholds).items()
                },
            }
            for fit in fits
        ],
    }
