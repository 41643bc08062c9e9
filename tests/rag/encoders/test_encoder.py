"""A preset of two models gives what the models' own libraries give."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from rag.encoders.catalogue.models import MINILM, SPLADE_TINY
from rag.encoders.loading import load_encoder
from rag.encoders.weights.find import find_weights
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.types import SparseVector

MAX_TERMS, MAX_QUESTION_TERMS = 128, 16
OFFLINE = EncoderSettings(preset="minilm-splade", offline=True, runtime="torch", device="cpu")
TEXTS = [
    "The with statement wraps the execution of a block.",
    "Bees.",
    "A much longer text, with commas, numbers such as 3.14 and a name: Ada Lovelace. " * 8,
    "東京は日本の首都です。",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(OFFLINE)


def as_array(sparse: SparseVector) -> np.ndarray:
    full = np.zeros(30522, np.float32)
    full[sparse.indices] = sparse.values
    return full


def test_dense_vectors_are_those_of_sentence_transformers(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    peer = SentenceTransformer(str(find_weights(MINILM, OFFLINE).path), device="cpu")
    expected = peer.encode(TEXTS, normalize_embeddings=True)
    ours = np.stack([encoding.dense for encoding in encoder.encode_documents(TEXTS)])
    assert (ours * expected).sum(1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_sparse_vectors_are_log_of_one_plus_the_largest_logit(encoder: Encoder) -> None:
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    folder = find_weights(SPLADE_TINY, OFFLINE).path
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForMaskedLM.from_pretrained(folder)
    for text, encoding in zip(TEXTS, encoder.encode_documents(TEXTS), strict=True):
        with torch.inference_mode():
            logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
        expected = torch.log1p(torch.relu(logits)).amax(0).numpy()
        smallest_kept = np.sort(expected)[-MAX_TERMS]
        expected[expected < smallest_kept] = 0
        assert as_array(encoding.sparse) == pytest.approx(expected, abs=1e-4)


def test_a_question_keeps_its_largest_weights_only(encoder: Encoder) -> None:
    (passage,) = encoder.encode_documents([TEXTS[0]])
    question = encoder.encode_question(TEXTS[0]).sparse
    largest = np.sort(np.argsort(-passage.sparse.values)[: len(question.indices)])
    assert len(question.indices) == MAX_QUESTION_TERMS
    assert question.indices.tolist() == passage.sparse.indices[largest].tolist()


def test_a_text_is_encoded_alike_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.encode_documents(TEXTS)
    for text, among in zip(TEXTS, together, strict=True):
        (alone,) = encoder.encode_documents([text])
        assert among.dense == pytest.approx(alone.dense, abs=1e-5)
        assert among.tokens == pytest.approx(alone.tokens, abs=1e-5)
        assert as_array(among.sparse) == pytest.approx(as_array(alone.sparse), abs=1e-4)


@pytest.mark.parametrize("text", [*TEXTS, "", "!?", "😀", "\ud800", "word " * 2000])
def test_every_encoding_is_sound(encoder: Encoder, text: str) -> None:
    (encoding,) = encoder.encode_documents([text])
    assert np.linalg.norm(encoding.dense) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoding.tokens, axis=1) == pytest.approx(
        np.ones(len(encoding.tokens)), abs=1e-5
    )
    assert encoding.tokens.shape[1] == encoder.info.token_dim
    assert (np.diff(encoding.sparse.indices) > 0).all()
    assert (encoding.sparse.values > 0).all()
    assert len(encoding.sparse.indices) <= MAX_TERMS
    assert encoding.dense.dtype == encoding.tokens.dtype == np.float32


def test_text_of_punctuation_alone_has_no_token_vectors(encoder: Encoder) -> None:
    assert encoder.encode_question("?!...").tokens.shape == (0, 384)


def test_token_vectors_are_those_of_the_documents_with_their_characters(encoder: Encoder) -> None:
    text = "Bees dance, bees sing."
    (vectors,) = encoder.token_vectors([text])
    (encoding,) = encoder.encode_documents([text])
    assert vectors.vectors == pytest.approx(encoding.tokens, abs=1e-6)
    assert [text[start:end] for start, end in vectors.spans] == ["Bees", "dance", "bees", "sing"]


def test_a_passage_beyond_the_limit_is_read_in_windows_to_its_end(encoder: Encoder) -> None:
    (long,) = encoder.encode_documents(["word " * 300 + "bees"])
    (short,) = encoder.encode_documents(["word " * 200])
    assert (long.truncated, long.token_count, len(long.windows)) == (False, 303, 2)
    assert (short.truncated, short.token_count, len(short.windows)) == (False, 202, 1)
    (bees,) = encoder.encode_documents(["bees"])
    assert (long.tokens @ bees.tokens[0]).argmax() == sum(long.windows) - 1


def test_a_huge_question_is_cut_before_it_is_tokenized(encoder: Encoder) -> None:
    encoding = encoder.encode_question("bees dance " * 100_000)
    assert encoding.truncated
    assert encoding.token_count < 10_000


def test_forward_seconds_grow_with_use(encoder: Encoder) -> None:
    before = encoder.forward_seconds
    encoder.encode_question("bees")
    assert encoder.forward_seconds > before


def test_the_identity_names_columns_models_and_bytes(encoder: Encoder) -> None:
    assert encoder.info.identity == (
        "dense+tokens: all-MiniLM-L6-v2@53aa51172d14, sparse: SPLADE BERT-tiny@96e1dd8dbbc8"
    )


def test_loading_offline_asks_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert load_encoder(OFFLINE).encode_question("bees").tokens.shape == (1, 384)
