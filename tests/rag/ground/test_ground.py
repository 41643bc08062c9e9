"""Every claim gets a verdict, and nothing that went wrong passes for support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.ground.alignment import AlignmentChecker
from rag.ground.checker import CheckerTools, load_checkers
from rag.ground.combine import load_combination
from rag.ground.ground import Grounder, ground, load_grounder
from rag.ground.passages import as_chunks
from rag.settings import EncoderSettings, GroundSettings
from rag.types import Check, CheckerCost, CheckerFamily, HallucinationKind, VerdictLabel
from tests.corpus import TEXTS, chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.ground.checker import CheckCase, Checker
    from rag.service import Rag
    from rag.types import Grounding

PASSAGES = [chunk(name) for name in ("volcano", "bees")]
TOOLS = CheckerTools(GroundSettings(), EncoderSettings())
SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FAILURES = st.sampled_from([RuntimeError("no memory"), ValueError("bad"), OSError(), "too few"])


class Broken:
    """A checker that raises, or returns too little; in `cases` of the claims it works."""

    name = "broken"
    family = CheckerFamily.PROMPTING
    cost = CheckerCost.SMALL_MODEL

    def __init__(self, failure: Exception | str):
        self._failure = failure

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        if isinstance(self._failure, Exception):
            raise self._failure
        return []


class Convinced:
    """A checker that supports everything."""

    name = "convinced"
    family = CheckerFamily.PROMPTING
    cost = CheckerCost.SMALL_MODEL

    def check(self, cases: Sequence[CheckCase]) -> list[Check]:
        return [Check(self.name, self.family, 1.0) for _ in cases]


@pytest.fixture(scope="module")
def grounder(encoder: Encoder) -> Grounder:
    return load_grounder(GroundSettings(), EncoderSettings(), encoder)


def labels(grounding: Grounding) -> list[str]:
    return [verdict.label.value for verdict in grounding.verdicts]


def test_each_sentence_has_a_verdict_in_order(grounder: Grounder) -> None:
    answer = "Hello! Mount Etna is the most active volcano in Europe [1]. Penguins rule France."
    grounding = grounder.ground(answer, PASSAGES)
    assert labels(grounding) == ["not_checkable", "supported", "unsupported"]
    assert grounding.grounded is False
    assert grounding.score == min(v.score for v in grounding.verdicts if v.score is not None)
    assert grounding.verdicts[2].kind is HallucinationKind.FACTUAL_FABRICATION


def test_an_answer_of_the_passages_own_sentences_is_grounded(grounder: Grounder) -> None:
    grounding = grounder.ground(TEXTS["volcano"], PASSAGES)
    assert set(labels(grounding)) == {"supported"}
    assert grounding.grounded is True
    assert all(verdict.unsupported == () for verdict in grounding.verdicts)


def test_another_year_contradicts_and_is_the_unsupported_span(grounder: Grounder) -> None:
    answer = "Bees dance. Mount Etna erupted again in 1669."
    verdict = grounder.ground(answer, PASSAGES).verdicts[1]
    assert verdict.label is VerdictLabel.CONTRADICTED
    assert verdict.kind is HallucinationKind.CONTEXT_INCONSISTENCY
    assert any(answer[span.start : span.end] == "1669" for span in verdict.unsupported)
    assert verdict.evidence[0].doc_id == "volcano"


def test_the_time_of_each_step_is_told(grounder: Grounder) -> None:
    timings = grounder.ground("Etna erupted.", PASSAGES).timings_ms
    assert set(timings) == {"evidence", "alignment", "facts"}


@SLOW
@given(st.sampled_from(list(TEXTS.values())), FAILURES, st.booleans())
def test_a_claim_is_never_supported_where_a_checker_failed(
    encoder: Encoder, answer: str, failure: Exception | str, first: bool
) -> None:
    checkers: list[Checker] = [Broken(failure), AlignmentChecker(TOOLS), Convinced()]
    ordered = checkers if first else checkers[::-1]
    grounding = ground(answer, as_chunks(answer), encoder, ordered, GroundSettings())
    assert set(labels(grounding)) <= {"error", "not_checkable"}
    assert "error" in labels(grounding)
    assert grounding.grounded is None
    assert any("The checker broken failed" in notice for notice in grounding.notices)


@SLOW
@given(
    st.lists(st.sampled_from(["", " ", "\n", "…", "\u200b"]), max_size=3),
    st.one_of(st.sampled_from(list(TEXTS.values())), st.text(max_size=40)),
)
def test_without_evidence_no_claim_is_ever_supported(
    encoder: Encoder, context: list[str], answer: str
) -> None:
    convinced = Grounder(encoder, (Convinced(),), load_combination(None), GroundSettings())
    grounding = convinced.ground(answer, as_chunks(context))
    assert set(labels(grounding)) <= {"unsupported", "not_checkable"}
    assert not grounding.grounded


def test_an_answer_that_claims_nothing_is_neither_grounded_nor_not(grounder: Grounder) -> None:
    for answer in ("", "Nothing in corpus answers this question.", "Is it?"):
        grounding = grounder.ground(answer, PASSAGES)
        assert grounding.grounded is None
        assert grounding.score is None
        assert grounding.notices == ("The answer claims nothing that could be checked.",)


def test_the_registry_makes_each_checker_once_and_only_those_named() -> None:
    names = [checker.name for checker in load_checkers(["facts", "facts"], TOOLS)]
    assert names == ["facts"]


def test_the_service_checks_texts_and_passages_alike(rag: Rag, corpus: str) -> None:
    found = rag.search("When did Etna erupt?", collection=corpus)
    answer = "It erupted again in 2021."
    grounding = rag.ground(answer, found.passages)
    evidence = grounding.verdicts[0].evidence[0]
    assert grounding.grounded is rag.ground(answer, TEXTS["volcano"]).grounded is True
    assert (evidence.doc_id, evidence.quote) == ("volcano", answer)
    assert TEXTS["volcano"][evidence.start - 100 : evidence.end - 100] == answer


def test_an_extractive_answer_is_grounded_in_its_own_passages(rag: Rag, corpus: str) -> None:
    answer = rag.ask("How does sourdough bread rise?", collection=corpus)
    assert rag.ground(answer.text, answer.search.passages).grounded is True
