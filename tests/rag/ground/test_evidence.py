"""Evidence is where in the passages a claim finds its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ground.claims import split_claims
from rag.ground.evidence import EvidencePool
from tests.corpus import TEXTS, chunk
from tests.rag.ground.cases import case_of

if TYPE_CHECKING:
    from rag.encoders.base import Encoder

PASSAGES = [chunk(name) for name in ("bees", "volcano", "chess")]


def test_the_best_evidence_is_the_sentence_that_says_it(encoder: Encoder) -> None:
    (claim,) = split_claims("The volcano erupted in 2021.")
    best = EvidencePool(PASSAGES, encoder).case(claim, 3).evidence[0]
    assert best.quote == "It erupted again in 2021."
    assert (best.passage, best.doc_id, best.chunk_id) == (2, "volcano", "id-volcano")


def test_quotes_are_where_their_offsets_say_in_the_document(encoder: Encoder) -> None:
    (claim,) = split_claims("Bees dance, and castling moves two chess pieces at once.")
    case = EvidencePool(PASSAGES, encoder).case(claim, 5)
    assert len(case.evidence) > 1
    for evidence in case.evidence:
        start = evidence.start - chunk(evidence.doc_id).start
        assert TEXTS[evidence.doc_id][start:].startswith(evidence.quote)
        assert evidence.end - evidence.start == len(evidence.quote)


def test_a_claim_of_two_parts_finds_both(encoder: Encoder) -> None:
    (claim,) = split_claims("Bees dance, and castling moves two chess pieces at once.")
    case = EvidencePool(PASSAGES, encoder).case(claim, 2)
    assert {evidence.doc_id for evidence in case.evidence} == {"bees", "chess"}


def test_a_sentence_quoted_as_it_stands_matches_wholly(encoder: Encoder) -> None:
    text = "Honey bees dance to tell the hive where flowers are."
    case = case_of(encoder, text, text)
    assert 0.99 < case.evidence[0].score < 1.01


def test_token_vectors_cover_the_words_of_their_quote(encoder: Encoder) -> None:
    case = case_of(encoder, "It erupted in 2021.", TEXTS["volcano"])
    for evidence, tokens in zip(case.evidence, case.evidence_tokens, strict=True):
        words = {evidence.quote[start:end] for start, end in tokens.spans}
        assert words <= set(evidence.quote.replace(".", "").split())


def test_without_passages_there_is_no_evidence(encoder: Encoder) -> None:
    assert case_of(encoder, "It erupted in 2021.").evidence == ()
    assert case_of(encoder, "It erupted in 2021.", "", " \n").evidence == ()
