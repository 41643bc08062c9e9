"""What several checkers say, as one calibrated probability that a claim is supported.

Logistic regression over the checkers' signals, fitted by `trident eval grounding --fit`.
A checker that the weights do not know (a model of the user's) counts as one more opinion: the
mean of the logits of all, a logarithmic opinion pool (Genest & Zidek 1986, Statistical
Science 1).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import exp, fsum, log
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rag.settings import GroundSettings
    from rag.types import Check

OWN_WEIGHTS = Path(__file__).with_name("weights.json")
NOTHING_AGAINST = 1.0  # of a signal that a checker does not give for this claim
CLOSEST = 1e-6  # to 0 and 1 that a score may come, so that its logit is finite


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score of a claim that is supported, and of one that is so in part."""

    supported: float
    partially_supported: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic regression: a weight for each "checker.signal", and its own thresholds."""

    checkers: frozenset[str]
    bias: float
    weights: Mapping[str, float]
    thresholds: Thresholds

    def score(self, signals: Mapping[str, float]) -> float:
        """The probability of support."""
        terms = (w * signals.get(name, NOTHING_AGAINST) for name, w in self.weights.items())
        return _logistic(self.bias + fsum(terms))


@dataclass(frozen=True, slots=True)
class Combination:
    """All fits, one for each set of checkers; `data` are the hashes of what they are fitted on."""

    fits: tuple[Fit, ...]
    data: frozenset[str] = frozenset()

    def fit_for(self, checkers: Collection[str]) -> Fit | None:
        """The fit that knows most of these checkers and no other."""
        usable = [fit for fit in self.fits if fit.checkers <= set(checkers)]
        return max(usable, key=lambda fit: len(fit.checkers), default=None)

    def score(self, checks: Sequence[Check]) -> float | None:
        """The probability that a claim with these checks is supported.

        None: a checker failed, or none has anything to say.
        """
        if any(check.error is not None for check in checks):
            return None
        fit = self.fit_for([check.checker for check in checks if check.signals])
        known = fit.checkers if fit else frozenset()
        opinions = [
            check.score
            for check in checks
            if check.checker not in known and check.score is not None
        ]
        if fit:
            opinions.append(fit.score(signals_of(checks)))
        return _pooled(opinions) if opinions else None

    def thresholds(self, checkers: Collection[str], settings: GroundSettings) -> Thresholds:
        """Those of the fit in use, unless the settings give others."""
        fit = self.fit_for(checkers)
        own = fit.thresholds if fit else Thresholds(0.5, 0.25)
        supported = own.supported if settings.supported is None else settings.supported
        part = settings.partially_supported
        part = own.partially_supported if part is None else part
        return Thresholds(supported, min(part, supported))


def load_combination(path: str | None) -> Combination:
    """The weights in a file that `trident eval grounding --fit` wrote; None: those of Trident.

    Raises: SettingsError.
    """
    file = OWN_WEIGHTS if path is None else Path(path).expanduser()
    try:
        return combination_from(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{file} cannot be read as weights ({error!r:.80}); make them with "
            "`trident eval grounding --fit`, or leave ground.weights out."
        ) from error


def combination_from(content: Mapping[str, Any]) -> Combination:
    """The combination that a JSON object describes."""
    return Combination(
        fits=tuple(
            Fit(
                checkers=frozenset(fit["checkers"]),
                bias=float(fit["bias"]),
                weights={name: float(weight) for name, weight in fit["weights"].items()},
                thresholds=Thresholds(
                    float(fit["thresholds"]["supported"]),
                    float(fit["thresholds"]["partially_supported"]),
                ),
            )
            for fit in content["fits"]
        ),
        data=frozenset(entry["sha256"] for entry in content["data"]),
    )


def signals_of(checks: Sequence[Check]) -> dict[str, float]:
    """All signals by "checker.signal"."""
    return {
        f"{check.checker}.{name}": value
        for check in checks
        for name, value in check.signals.items()
    }


def _pooled(opinions: Sequence[float]) -> float:
    return _logistic(fsum(map(_logit, opinions)) / len(opinions))


def _logit(score: float) -> float:
    inside = min(max(score, CLOSEST), 1 - CLOSEST)
    return log(inside / (1 - inside))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else 1 - 1 / (1 + exp(value))
