"""A question's token vectors know their characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.encoders.loading import load_encoder
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_colbert import QUERY_MAXLEN, QUESTION, stanford_folder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder


def test_they_are_those_of_the_encoded_question(encoder: Encoder) -> None:
    question = "Do bees dance?"
    tokens = encoder.question_tokens(question)
    assert tokens.vectors == pytest.approx(encoder.encode_question(question).tokens, abs=1e-6)
    assert [question[start:end] for start, end in tokens.spans] == ["Do", "bees", "dance"]


def test_rows_that_stand_for_no_characters_cover_none(tmp_path: Path) -> None:
    tokens = str(stanford_folder(tmp_path))
    encoder = load_encoder(EncoderSettings(offline=True, device="cpu", tokens=tokens))
    found = encoder.question_tokens(QUESTION)
    assert found.vectors == pytest.approx(encoder.encode_question(QUESTION).tokens, abs=1e-6)
    assert len(found.spans) == QUERY_MAXLEN
    words = [QUESTION[start:end] for start, end in found.spans]
    assert words[:3] == ["", "", "what"]  # [CLS] and the marker come first


def test_a_huge_question_is_cut_as_it_is_when_it_is_encoded(encoder: Encoder) -> None:
    question = "bees dance " * 100_000
    assert len(encoder.question_tokens(question).spans) == len(
        encoder.encode_question(question).tokens
    )
