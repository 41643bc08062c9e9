"""Dense vectors equal those of plain sentence-transformers, prompts and all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from transformers import XLMRobertaModel

from rag.encoders.catalogue.model import Model, ModelFile, Part
from rag.encoders.columns import Column
from rag.encoders.families.sentence_transformers.dense import SentenceTransformerModel
from rag.errors import WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_checkpoints import (
    WIDTH,
    make_sentence_transformer,
    make_splade,
    make_transformer,
    xlmr_tokenizer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.columns import ModelOutput
    from rag.types import FloatArray

TEXTS = ["bees dance", "The bee  dances the hive, dancing!", "", "hive " * 200, "蜜蜂跳舞。"]
PROMPTS = {"query": "the question. ", "document": "a hive, "}


def load(folder: Path, max_tokens: int | None = None) -> SentenceTransformerModel:
    description = Model("m", "m", "sentence-transformer", "MIT", ModelFile("x"), ())
    part = Part(description, (Column.DENSE,), max_tokens=max_tokens)
    return SentenceTransformerModel(folder, part, EncoderSettings(batch_tokens=256, device="cpu"))


def dense(outputs: Sequence[ModelOutput]) -> FloatArray:
    return np.stack([output.dense for output in outputs if output.dense is not None])


def test_vectors_equal_plain_sentence_transformers_with_the_models_prompts(tmp_path: Path) -> None:
    folder = make_sentence_transformer(tmp_path, Normalize(), prompts=PROMPTS)
    plain, model = SentenceTransformer(str(folder), device="cpu"), load(folder)
    passages, questions = plain.encode_document(TEXTS), plain.encode_query(TEXTS)
    assert np.abs(passages - questions).max() > 0.01
    np.testing.assert_allclose(dense(model.encode_passages(TEXTS)), passages, atol=1e-5)
    np.testing.assert_allclose(dense(model.encode_questions(TEXTS)), questions, atol=1e-5)


def test_vectors_are_of_unit_length_where_the_model_itself_does_not_normalise(
    tmp_path: Path,
) -> None:
    folder = make_sentence_transformer(tmp_path, Dense(WIDTH, 6), truncate_dim=4)
    plain = SentenceTransformer(str(folder), device="cpu")
    model = load(folder)
    expected = plain.encode_document(TEXTS, normalize_embeddings=True)
    assert model.dims == {Column.DENSE: 4}
    np.testing.assert_allclose(dense(model.encode_passages(TEXTS)), expected, atol=1e-5)


def test_a_passage_prompt_is_not_hidden_by_an_empty_document_prompt(tmp_path: Path) -> None:
    prompts = {"query": "the ", "passage": "a hive, "}
    folder = make_sentence_transformer(tmp_path, Normalize(), prompts=prompts)
    plain = SentenceTransformer(str(folder), device="cpu")
    expected = plain.encode(TEXTS, prompt_name="passage")
    np.testing.assert_allclose(dense(load(folder).encode_passages(TEXTS)), expected, atol=1e-5)


def test_the_limit_counts_prompt_and_special_tokens(tmp_path: Path) -> None:
    model = load(make_sentence_transformer(tmp_path, prompts={"document": "hive hive "}))
    fits, cut = model.encode_passages(["hive " * 60, "hive " * 61])
    assert model.window_tokens == 60
    assert (fits.truncated, fits.token_count) == (False, 64)
    assert (cut.truncated, cut.token_count) == (True, 65)


def test_a_lower_limit_can_be_asked_for(tmp_path: Path) -> None:
    folder = make_sentence_transformer(tmp_path)
    short, whole = load(folder, max_tokens=10), load(folder, max_tokens=9999)
    assert (short.window_tokens, whole.window_tokens) == (8, 62)
    cut = dense(short.encode_passages(["hive " * 8 + "bee"]))
    np.testing.assert_allclose(cut, dense(whole.encode_passages(["hive " * 8])), atol=1e-5)


def test_token_spans_are_of_the_text_without_its_prompt(tmp_path: Path) -> None:
    model = load(make_sentence_transformer(tmp_path, prompts=PROMPTS))
    text = "bees  dance 蜜蜂"
    (spans,) = model.token_spans([text])
    assert [text[a:b] for a, b in spans] == ["bee", "s", "dance", "", "蜜蜂"]
    assert model.count(text) == 5


def test_models_without_attention_have_no_limit(tmp_path: Path) -> None:
    static = StaticEmbedding(xlmr_tokenizer(), embedding_dim=WIDTH)
    SentenceTransformer(modules=[static], device="cpu").save(str(tmp_path))
    model, text = load(tmp_path), "hive " * 500
    (output,) = model.encode_passages([text])
    expected = SentenceTransformer(str(tmp_path), device="cpu").encode_document(
        [text], normalize_embeddings=True
    )
    np.testing.assert_allclose(dense([output]), expected, atol=1e-5)
    assert (output.truncated, output.token_count) == (False, 500)


def test_threads_get_their_own_results(tmp_path: Path) -> None:
    model = load(make_sentence_transformer(tmp_path, prompts=PROMPTS))
    batches = [[f"hive {i} " * (i + 1)] * 3 for i in range(16)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(model.encode_passages, batches))
    for batch, outputs in zip(batches, together, strict=True):
        expected = dense(model.encode_passages(batch))
        np.testing.assert_allclose(dense(outputs), expected, atol=1e-5)


def test_forward_time_adds_up(tmp_path: Path) -> None:
    model = load(make_sentence_transformer(tmp_path))
    before = model.forward_seconds
    model.encode_passages(TEXTS)
    assert model.forward_seconds > before


def test_a_folder_that_does_not_say_how_it_pools_is_refused(tmp_path: Path) -> None:
    make_transformer(tmp_path, XLMRobertaModel)
    with pytest.raises(WeightsError, match=r"modules\.json"):
        load(tmp_path)


def test_a_sparse_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is a SparseEncoder"):
        load(make_splade(tmp_path))


def test_weights_that_are_missing_are_refused_never_made_up(tmp_path: Path) -> None:
    folder = make_sentence_transformer(tmp_path)
    state = torch.load(_pickled(folder))
    del state["encoder.layer.1.output.dense.weight"]
    torch.save(state, folder / "pytorch_model.bin")
    with pytest.raises(WeightsError, match=r"encoder\.layer\.1\.output\.dense\.weight"):
        load(folder)


def test_a_pooler_that_nothing_reads_may_be_missing(tmp_path: Path) -> None:
    folder = make_sentence_transformer(tmp_path)
    state = torch.load(_pickled(folder))
    kept = {name: weights for name, weights in state.items() if "pooler" not in name}
    torch.save(kept, folder / "pytorch_model.bin")
    assert load(folder).dims == {Column.DENSE: WIDTH}


def test_code_from_the_folder_is_never_run(tmp_path: Path) -> None:
    folder = make_sentence_transformer(tmp_path)
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "evil.Transformer"
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "evil.py").write_text("raise SystemExit")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load(folder)


def _pickled(folder: Path) -> Path:
    """Put the transformer's weights into pytorch_model.bin instead of model.safetensors."""
    from safetensors.torch import load_file

    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    return folder / "pytorch_model.bin"
