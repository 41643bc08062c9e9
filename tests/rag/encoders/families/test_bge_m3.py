"""BGE-M3's three columns are those of FlagEmbedding, from one pass over the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from rag.encoders.catalogue.model import Model, ModelFile, Part
from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.bge_m3 import BgeM3Model
from rag.errors import WeightsError
from rag.settings import EncoderSettings
from rerankers.maxsim import maxsim_documents
from tests.rag.encoders.tiny_checkpoints import TOKEN_WIDTH, WIDTH, make_bge_m3, save_head

if TYPE_CHECKING:
    from pathlib import Path

    from rag.types import FloatArray

LIMIT = 64
TEXTS = [
    "bees dance",
    "The bee  dances the hive, dancing! 蜜蜂跳舞。",
    "dance dance dance ∑ </s> <pad>",
    "the hive " * 100,
    "sixty-four quick brown foxes jump over 123 lazy dogs",
    "",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bge_m3(tmp_path_factory.mktemp("bge-m3"), positions=LIMIT + 2)


@pytest.fixture(scope="module")
def model(folder: Path) -> BgeM3Model:
    return load(folder)


def load(
    folder: Path, max_tokens: int | None = None, max_terms: int = 0, max_question_terms: int = 0
) -> BgeM3Model:
    description = Model("bge-m3", "BAAI/bge-m3", "bge-m3", "MIT", ModelFile("x"), ())
    part = Part(
        description,
        tuple(Column),
        max_tokens=max_tokens,
        max_terms=max_terms,
        max_question_terms=max_question_terms,
    )
    return BgeM3Model(
        folder, part, EncoderSettings(batch_tokens=256, device="cpu", runtime="torch")
    )


class FlagEmbedding:
    """The formulas of `M3Embedder.encode`, over plain transformers, one text at a time."""

    def __init__(self, folder: Path):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.backbone = AutoModel.from_pretrained(folder).eval()
        self.sparse_linear = torch.nn.Linear(WIDTH, 1)
        self.colbert_linear = torch.nn.Linear(WIDTH, TOKEN_WIDTH)
        self.sparse_linear.load_state_dict(torch.load(folder / "sparse_linear.pt"))
        self.colbert_linear.load_state_dict(torch.load(folder / "colbert_linear.pt"))

    @torch.no_grad()
    def encode(self, text: str) -> tuple[FloatArray, dict[int, float], FloatArray]:
        inputs = self.tokenizer(text, truncation=True, max_length=LIMIT, return_tensors="pt")
        hidden = self.backbone(**inputs).last_hidden_state
        dense = torch.nn.functional.normalize(hidden[:, 0], dim=-1)
        weights = torch.relu(self.sparse_linear(hidden))[0, :, 0].tolist()
        tokens = torch.nn.functional.normalize(self.colbert_linear(hidden[:, 1:]), dim=-1)
        return (
            dense[0].numpy(),
            self.lexical(inputs["input_ids"][0].tolist(), weights),
            tokens[0].numpy(),
        )

    def lexical(self, ids: list[int], weights: list[float]) -> dict[int, float]:
        names = ("cls_token_id", "eos_token_id", "pad_token_id", "unk_token_id")
        unused = {getattr(self.tokenizer, name) for name in names}
        result: dict[int, float] = {}
        for index, weight in zip(ids, weights, strict=True):
            if index not in unused and weight > result.get(index, 0):
                result[index] = weight
        return result


def terms(output: ModelOutput) -> dict[int, float]:
    assert output.sparse is not None
    return dict(zip(output.sparse.indices.tolist(), output.sparse.values.tolist(), strict=True))


def dense(output: ModelOutput) -> FloatArray:
    assert output.dense is not None
    return output.dense


def token_rows(output: ModelOutput) -> FloatArray:
    assert output.tokens is not None
    return output.tokens.vectors


def test_all_columns_equal_flagembedding_in_padded_batches(folder: Path, model: BgeM3Model) -> None:
    reference = FlagEmbedding(folder)
    assert sum(len(reference.encode(text)[1]) for text in TEXTS) > 10
    for text, output in zip(TEXTS, model.encode_passages(TEXTS), strict=True):
        vector, lexical, tokens = reference.encode(text)
        np.testing.assert_allclose(dense(output), vector, atol=1e-5)
        assert terms(output) == pytest.approx(lexical, abs=1e-5)
        np.testing.assert_allclose(token_rows(output), tokens, atol=1e-5)


def test_a_text_alone_equals_the_same_text_in_a_batch(model: BgeM3Model) -> None:
    for text, batched in zip(TEXTS, model.encode_passages(TEXTS), strict=True):
        (alone,) = model.encode_passages([text])
        np.testing.assert_allclose(dense(alone), dense(batched), atol=1e-5)
        assert terms(alone) == pytest.approx(terms(batched), abs=1e-5)
        np.testing.assert_allclose(token_rows(alone), token_rows(batched), atol=1e-5)


def test_maxsim_counts_the_closing_token_as_flagembedding_does(
    folder: Path, model: BgeM3Model
) -> None:
    reference = FlagEmbedding(folder)
    question, passage = TEXTS[:2]
    q, p = reference.encode(question)[2], reference.encode(passage)[2]
    colbert_score = float((q @ p.T).max(1).sum()) / len(q)
    ours = maxsim_documents(
        token_rows(model.encode_questions([question])[0]),
        [token_rows(model.encode_passages([passage])[0])],
    )
    assert ours[0] / len(q) == pytest.approx(colbert_score, abs=1e-5)


def test_questions_are_encoded_as_passages_are(model: BgeM3Model) -> None:
    (question,), (passage,) = model.encode_questions(["bees?"]), model.encode_passages(["bees?"])
    np.testing.assert_array_equal(dense(question), dense(passage))


def test_token_rows_know_their_characters_and_the_closing_token_covers_none(
    model: BgeM3Model,
) -> None:
    text = "bees  dance 蜜蜂跳舞"
    (output,) = model.encode_passages([text])
    assert output.tokens is not None
    covered = [text[start:end] for start, end in output.tokens.spans]
    assert covered == ["bee", "s", "dance", "", "蜜蜂", "跳舞", ""]
    assert [text[a:b] for a, b in model.token_spans([text])[0]] == covered[:-1]


def test_a_long_text_is_cut_at_the_positions_of_the_model_and_says_so(model: BgeM3Model) -> None:
    (output,) = model.encode_passages(["the " * 100])
    assert (output.truncated, output.token_count) == (True, 102)
    assert (model.window_tokens, len(token_rows(output))) == (LIMIT - 2, LIMIT - 1)


def test_the_limit_asked_for_counts_within_that_of_the_model(folder: Path) -> None:
    assert load(folder, max_tokens=10).window_tokens == 8
    assert load(folder, max_tokens=8192).window_tokens == LIMIT - 2


def test_widths_are_those_of_the_files(folder: Path, model: BgeM3Model) -> None:
    assert model.dims == {
        Column.DENSE: WIDTH,
        Column.SPARSE: len(AutoTokenizer.from_pretrained(folder)),
        Column.TOKENS: TOKEN_WIDTH,
    }


def test_only_the_largest_terms_are_kept_when_asked(folder: Path, model: BgeM3Model) -> None:
    text = "abcdefghijklmnopqrstuvwxyz, 0123456789! bees dance the hive"
    limited = load(folder, max_terms=3, max_question_terms=1)
    weights = sorted(terms(model.encode_passages([text])[0]).values(), reverse=True)
    assert len(weights) > 3
    kept = terms(limited.encode_passages([text])[0])
    assert sorted(kept.values(), reverse=True) == pytest.approx(weights[:3])
    assert list(kept) == sorted(kept)
    assert list(terms(limited.encode_questions([text])[0]).values()) == pytest.approx(weights[:1])


def test_safetensors_and_pickled_weights_give_the_same(tmp_path: Path, model: BgeM3Model) -> None:
    other = load(make_bge_m3(tmp_path, positions=LIMIT + 2, safetensors=True))
    assert (tmp_path / "model.safetensors").is_file()
    np.testing.assert_array_equal(
        dense(other.encode_passages(["bees"])[0]), dense(model.encode_passages(["bees"])[0])
    )


@pytest.mark.parametrize("head", ["sparse_linear.pt", "colbert_linear.pt"])
def test_a_missing_head_is_refused_never_made_up(tmp_path: Path, head: str) -> None:
    (make_bge_m3(tmp_path) / head).unlink()
    with pytest.raises(WeightsError, match=head):
        load(tmp_path)


@pytest.mark.parametrize("head", ["sparse_linear.pt", "colbert_linear.pt"])
def test_a_head_of_another_shape_is_refused(tmp_path: Path, head: str) -> None:
    save_head(make_bge_m3(tmp_path) / head, outputs=2, inputs=WIDTH + 1)
    with pytest.raises(WeightsError, match="shape"):
        load(tmp_path)


def test_a_head_that_is_no_head_is_refused(tmp_path: Path) -> None:
    (make_bge_m3(tmp_path) / "sparse_linear.pt").write_bytes(b"<html>not found</html>")
    with pytest.raises(WeightsError, match="cannot be read"):
        load(tmp_path)


def test_forward_time_adds_up(model: BgeM3Model) -> None:
    before = model.forward_seconds
    model.encode_passages(["bees"])
    assert model.forward_seconds > before
