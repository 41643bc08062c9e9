"""Sparse vectors equal those of plain sentence-transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sentence_transformers import SparseEncoder
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from sentence_transformers.sparse_encoder.modules import SparseAutoEncoder
from transformers import XLMRobertaForMaskedLM, XLMRobertaModel

from rag.encoders.catalogue.model import Model, ModelFile, Part
from rag.encoders.columns import Column
from rag.encoders.families.sentence_transformers.sparse import SparseEncoderModel
from rag.errors import WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_checkpoints import (
    WIDTH,
    make_bge_m3,
    make_inference_free_splade,
    make_sentence_transformer,
    make_splade,
    make_transformer,
    xlmr_tokenizer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import torch

    from rag.encoders.columns import ModelOutput
    from rag.types import FloatArray

TEXTS = ["bees dance", "The bee  dances the hive, dancing!", "", "hive " * 200, "蜜蜂跳舞。"]
VOCABULARY = xlmr_tokenizer().get_vocab_size()


def load(folder: Path, max_terms: int = 0, max_question_terms: int = 0) -> SparseEncoderModel:
    description = Model("m", "m", "sparse-encoder", "MIT", ModelFile("x"), ())
    part = Part(
        description,
        (Column.SPARSE,),
        max_terms=max_terms,
        max_question_terms=max_question_terms,
    )
    return SparseEncoderModel(folder, part, EncoderSettings(batch_tokens=256, device="cpu"))


def dense_rows(outputs: Sequence[ModelOutput], width: int = VOCABULARY) -> FloatArray:
    rows = np.zeros((len(outputs), width), np.float32)
    for row, output in zip(rows, outputs, strict=True):
        assert output.sparse is not None
        assert (np.diff(output.sparse.indices) > 0).all()
        assert (output.sparse.values > 0).all()
        row[output.sparse.indices] = output.sparse.values
    return rows


def plain_rows(embeddings: torch.Tensor) -> FloatArray:
    rows: FloatArray = embeddings.to_dense().numpy()
    return rows


def test_splade_equals_plain_sentence_transformers(tmp_path: Path) -> None:
    folder = make_splade(tmp_path, prompts={"query": "the question. "})
    plain, model = SparseEncoder(str(folder), device="cpu"), load(folder)
    passages, questions = plain.encode_document(TEXTS), plain.encode_query(TEXTS)
    assert model.dims == {Column.SPARSE: VOCABULARY}
    assert dense_rows(model.encode_passages(TEXTS)) == pytest.approx(plain_rows(passages), abs=1e-5)
    assert dense_rows(model.encode_questions(TEXTS)) == pytest.approx(
        plain_rows(questions), abs=1e-5
    )


def test_inference_free_questions_take_a_route_of_their_own(tmp_path: Path) -> None:
    folder = make_inference_free_splade(tmp_path)
    plain, model = SparseEncoder(str(folder), device="cpu"), load(folder)
    texts = [text for text in TEXTS if text]
    passages, questions = plain.encode_document(texts), plain.encode_query(texts)
    assert dense_rows(model.encode_passages(texts)) == pytest.approx(plain_rows(passages), abs=1e-5)
    assert dense_rows(model.encode_questions(texts)) == pytest.approx(
        plain_rows(questions), abs=1e-5
    )
    assert model.encode_passages(["bees"])[0].token_count == 4
    assert model.encode_questions(["bees"])[0].token_count == 2


def test_an_empty_inference_free_question_has_no_terms(tmp_path: Path) -> None:
    model = load(make_inference_free_splade(tmp_path))
    assert not dense_rows(model.encode_questions([""])).any()


def test_only_the_largest_terms_are_kept_when_asked(tmp_path: Path) -> None:
    folder = make_splade(tmp_path)
    plain = SparseEncoder(str(folder), device="cpu")
    model = load(folder, max_terms=5, max_question_terms=2)
    passages = plain_rows(plain.encode_document(TEXTS, max_active_dims=5))
    questions = plain_rows(plain.encode_query(TEXTS, max_active_dims=2))
    assert dense_rows(model.encode_passages(TEXTS)) == pytest.approx(passages, abs=1e-5)
    assert dense_rows(model.encode_questions(TEXTS)) == pytest.approx(questions, abs=1e-5)


def test_the_models_own_number_of_terms_holds_where_none_is_asked_for(tmp_path: Path) -> None:
    model = load(make_splade(tmp_path, max_active_dims=4), max_question_terms=2)
    assert (dense_rows(model.encode_passages(TEXTS)) > 0).sum(1).max() == 4
    assert (dense_rows(model.encode_questions(TEXTS)) > 0).sum(1).max() == 2


def test_auto_encoders_over_dense_vectors_equal_plain_sentence_transformers(
    tmp_path: Path,
) -> None:
    make_transformer(tmp_path / "bare", XLMRobertaModel)
    sparse = SparseAutoEncoder(input_dim=WIDTH, hidden_dim=40, k=6, k_aux=8)
    modules = [Transformer(str(tmp_path / "bare")), Pooling(WIDTH), sparse]
    SparseEncoder(modules=modules, device="cpu").save(str(tmp_path / "saved"))
    plain = SparseEncoder(str(tmp_path / "saved"), device="cpu")
    model = load(tmp_path / "saved", max_terms=3)
    expected = plain_rows(plain.encode_document(TEXTS, max_active_dims=3))
    assert model.dims == {Column.SPARSE: 40}
    assert dense_rows(model.encode_passages(TEXTS), 40) == pytest.approx(expected, abs=1e-5)


def test_a_long_passage_says_that_it_was_cut(tmp_path: Path) -> None:
    model = load(make_splade(tmp_path))
    fits, cut = model.encode_passages(["hive " * 62, "hive " * 63])
    assert (fits.truncated, cut.truncated, cut.token_count) == (False, True, 65)
    assert model.window_tokens == 62


def test_a_bare_masked_language_model_is_read_as_splade(tmp_path: Path) -> None:
    make_transformer(tmp_path, XLMRobertaForMaskedLM)
    plain = SparseEncoder(str(tmp_path), device="cpu")
    expected = plain_rows(plain.encode_document(TEXTS))
    assert dense_rows(load(tmp_path).encode_passages(TEXTS)) == pytest.approx(expected, abs=1e-5)


def test_folders_whose_sparse_head_would_be_random_are_refused(tmp_path: Path) -> None:
    bare, m3 = tmp_path / "bare", make_bge_m3(tmp_path / "m3")
    make_transformer(bare, XLMRobertaModel)
    dense = make_sentence_transformer(tmp_path)
    for folder in (bare, m3, dense):
        with pytest.raises(WeightsError, match=str(folder)):
            load(folder)


def test_a_masked_language_model_without_its_head_is_refused(tmp_path: Path) -> None:
    make_transformer(tmp_path, XLMRobertaModel)
    config = (tmp_path / "config.json").read_text()
    (tmp_path / "config.json").write_text(config.replace("RobertaModel", "RobertaForMaskedLM"))
    with pytest.raises(WeightsError, match="lm_head"):
        load(tmp_path)
