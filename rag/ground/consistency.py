"""Whether a model that is asked again says the same.

SelfCheckGPT (Manakul, Liusie & Gales 2023, arXiv:2303.08896): what a model knows, it repeats,
and what it makes up differs from sample to sample. Semantic entropy (Kuhn, Gal & Farquhar 2023,
arXiv:2302.09664) asks the same of a whole answer by grouping samples of one meaning; here it
is each claim that is held against each sample, as it is held against evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ground.alignment import AlignmentChecker
from rag.ground.checker import needed_asker
from rag.ground.evidence import EvidencePool
from rag.ground.facts.checker import FactsChecker
from rag.ground.passages import as_chunks
from rag.types import Check, CheckerCost, CheckerFamily, Sampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.ground.checker import CheckCase, Checker, CheckerTools

TEMPERATURE = 1.0
SAMPLE_TOKENS = 200


class ConsistencyChecker:
    """The mean agreement of a claim with sampled answers, so many calls of the model an answer.

    The samples are made from the evidence of all claims that are checked together.
    """

    name = "consistency"
    family = CheckerFamily.UNCERTAINTY
    cost = CheckerCost.LANGUAGE_MODEL

    def __init__(self, tools: CheckerTools):
        self._asker = needed_asker(tools, self.name)
        self._encoder = tools.needed_reader(self.name)
        self._settings = tools.settings
        self._compare: tuple[Checker, ...] = (AlignmentChecker(tools), FactsChecker(tools))

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        """Sample once, compare each claim with every sample. Raises: GenerationError."""
        if not cases or not cases[0].question:
            return [self._without_question() for _ in cases]
        samples = [sample for sample in self._samples(cases) if sample.strip()]
        if not samples:
            raise ValueError("the model gave no answer to compare with.")
        pools = [EvidencePool(as_chunks(sample), self._encoder) for sample in samples]
        return [self._check(case, pools) for case in cases]

    def _samples(self, cases: Sequence[CheckCase]) -> list[str]:
        quotes = dict.fromkeys(each.quote for case in cases for each in case.evidence)
        return [
            self._asker.ask(
                "sample",
                Sampling(TEMPERATURE, SAMPLE_TOKENS, seed=seed),
                passages="\n".join(quotes),
                question=cases[0].question,
            )
            for seed in range(self._settings.samples)
        ]

    def _check(self, case: CheckCase, pools: Sequence[EvidencePool]) -> Check:
        scores = [self._agreement(case, pool) for pool in pools]
        return Check(self.name, self.family, score=sum(scores) / len(scores))

    def _agreement(self, case: CheckCase, pool: EvidencePool) -> float:
        """How far one sample says what the claim says: the least of words and facts."""
        held = pool.case(case.claim, self._settings.evidence)
        if not held.evidence:
            return 0.0
        scores = [checker.check([held])[0].score for checker in self._compare]
        return min((score for score in scores if score is not None), default=0.0)

    def _without_question(self) -> Check:
        notice = "The consistency checker needs the question that the answer answers."
        return Check(self.name, self.family, score=None, notices=(notice,))
