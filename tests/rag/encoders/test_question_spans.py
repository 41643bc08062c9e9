"""An encoded question knows the characters of its token vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.encoders.loading import load_encoder
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_colbert import QUERY_MAXLEN, QUESTION, stanford_folder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder


def test_each_token_vector_covers_its_word(encoder: Encoder) -> None:
    question = "Do bees dance?"
    encoding = encoder.encode_question(question)
    assert len(encoding.tokens) == len(encoding.spans)
    assert [question[start:end] for start, end in encoding.spans] == ["Do", "bees", "dance"]


def test_rows_that_stand_for_no_characters_cover_none(tmp_path: Path) -> None:
    tokens = str(stanford_folder(tmp_path))
    encoder = load_encoder(EncoderSettings(offline=True, device="cpu", tokens=tokens))
    encoding = encoder.encode_question(QUESTION)
    assert len(encoding.tokens) == len(encoding.spans) == QUERY_MAXLEN
    words = [QUESTION[start:end] for start, end in encoding.spans]
    assert words[:3] == ["", "", "what"]  # [CLS] and the marker come first


def test_spans_of_a_huge_question_end_where_it_is_cut(encoder: Encoder) -> None:
    encoding = encoder.encode_question("bees dance " * 100_000)
    assert encoding.truncated
    assert len(encoding.spans) == len(encoding.tokens)
    assert encoding.spans.max() < 100 * encoder.info.max_tokens
