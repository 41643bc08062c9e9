"""Whether a faster way to run a backbone gives the vectors that the reference gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import cosine_similarity

from rag.encoders.families.forward import pad
from rag.encoders.families.tokenizer import TextTokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.runtime.backbone import Backbone

# Vectors of different runtimes meet in one collection: they have to be interchangeable.
LEAST_COSINE = 0.999
TOKENS_LEFT_OUT = 0.01  # the worst hundredth: lone marks whose vectors nothing depends on
MAX_TOKENS = 128

TEXTS = (
    "Tide tables",
    "Who wrote the first program for a machine that was never built?",
    "In 1815 the eruption of Mount Tambora ejected more than 150 cubic kilometres of rock and "
    "ash; the following year, with frost in July, became known as the year without a summer, "
    "and harvests failed from New England to Bavaria. Prices of oats rose from 12 cents a "
    "bushel to 92, and families moved west in search of warmer land.",
    "def median(values): return sorted(values)[len(values) // 2]  # raises IndexError on []",
    "Die Würde des Menschen ist unantastbar. 学而时习之，不亦说乎？ Все счастливые семьи похожи.",
    "The enzyme's activity fell by 37% (p < 0.01) once the pH was lowered to 5.2, but returned "
    "within 48 h; neither temperature nor salinity explained the effect.",
    "ISO 8601: 2004-12-31T23:59:60Z; IPv6: 2001:db8::ff00:42:8329; e-mail: someone@example.org",
    "A lease of over three years must be made by deed, signed by both parties and two witnesses.",
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Lowest cosine to the reference: of mean-pooled vectors, and of 99% of the tokens'."""

    pooled: float
    tokens: float

    @property
    def good(self) -> bool:
        """Whether the vectors may stand in for the reference's."""
        return min(self.pooled, self.tokens) >= LEAST_COSINE


def compare(reference: Backbone, candidate: Backbone, folder: Path) -> Agreement:
    """Encode the built-in texts both ways, all in one padded batch and the first alone."""
    texts = TextTokenizer(folder, MAX_TOKENS).tokenize(TEXTS)
    pooled: list[torch.Tensor] = []
    tokens: list[torch.Tensor] = []
    for batch in (texts, texts[:1]):
        ids, mask = pad(batch)
        for right, own in zip(reference(ids, mask), candidate(ids, mask), strict=True):
            pooled.append(cosine_similarity(_mean(right, mask), _mean(own, mask), dim=-1))
            tokens.append(cosine_similarity(right, own, dim=-1)[mask.bool()])
    # NaN, the mark of an overflow, is no agreement and must not vanish in a comparison.
    worst = torch.cat(tokens).nan_to_num(-1.0).quantile(TOKENS_LEFT_OUT)
    return Agreement(float(torch.cat(pooled).nan_to_num(-1.0).min()), float(worst))


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)
