"""Tokens know their characters, and what was cut is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.encoders.catalogue.models import MINILM
from rag.encoders.families.tokenizer import TextTokenizer, is_punctuation
from rag.encoders.weights.find import find_weights
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_checkpoints import xlmr_tokenizer

TOKENIZER = TextTokenizer(find_weights(MINILM, EncoderSettings(offline=True)).path, 256)


@pytest.mark.parametrize(
    ("token", "expected"), [(".", True), ("...", True), ("，", True), ("$", True), ("c", False)]
)
def test_punctuation_is_told_from_words(token: str, expected: bool) -> None:
    assert is_punctuation(token) is expected


def test_special_tokens_and_punctuation_are_no_content() -> None:
    text = "Hello, world! (C++)"
    (tokens,) = TOKENIZER.tokenize([text])
    kept = [text[start:end] for start, end in tokens.spans[tokens.content]]
    assert kept == ["Hello", "world", "C"]


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "Zs"]), max_size=300))
def test_spans_cut_the_words_out_of_the_text(text: str) -> None:
    (tokens,) = TOKENIZER.tokenize([text])
    words = "".join(text[start:end] for start, end in tokens.spans[tokens.content])
    assert words == "".join(text.split())


@settings(max_examples=50)
@given(st.text(max_size=2000))
def test_any_text_stays_within_the_limit_and_says_when_it_was_cut(text: str) -> None:
    (tokens,) = TOKENIZER.tokenize([text])
    assert len(tokens) <= 256
    assert tokens.truncated is (tokens.count > 256)
    assert tokens.count == TOKENIZER.count(text) + 2


@settings(max_examples=50)
@given(st.text(max_size=500))
def test_a_count_is_that_of_the_spans(text: str) -> None:
    (spans,) = TOKENIZER.spans([text])
    assert TOKENIZER.count(text) == len(spans)


def test_a_cut_text_keeps_its_closing_special_token() -> None:
    (tokens,) = TOKENIZER.tokenize(["word " * 1000])
    first, last = TOKENIZER.tokenize([""])[0].ids
    assert (tokens.ids[0], tokens.ids[-1], tokens.count) == (first, last, 1002)


def test_lone_surrogates_do_no_harm() -> None:
    (tokens,) = TOKENIZER.tokenize(["bees \ud800 dance"])
    assert len(tokens) > 2


@pytest.fixture(scope="module")
def sentencepiece(tmp_path_factory: pytest.TempPathFactory) -> TextTokenizer:
    folder = tmp_path_factory.mktemp("sentencepiece")
    xlmr_tokenizer().save(str(folder / "tokenizer.json"))
    return TextTokenizer(folder, 64)


def test_spans_of_sentencepiece_leave_out_the_space_before_a_word(
    sentencepiece: TextTokenizer,
) -> None:
    text = "  bees   dance 蜜蜂跳舞  "
    (tokens,) = sentencepiece.tokenize([text])
    kept = [text[start:end] for start, end in tokens.spans[tokens.content]]
    assert kept == ["bee", "s", "dance", "蜜蜂", "跳舞"]


def test_special_tokens_of_any_spelling_are_no_content(sentencepiece: TextTokenizer) -> None:
    (tokens,) = sentencepiece.tokenize(["</s> ∑ <mask> . ! bee"])
    assert tokens.content.sum() == 1


def test_ids_are_given_of_those_tokens_that_there_are(sentencepiece: TextTokenizer) -> None:
    assert sentencepiece.ids_of(["<s>", "[CLS]", "</s>"]) == [0, 2]
