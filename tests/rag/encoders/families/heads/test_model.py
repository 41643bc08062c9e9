"""The default preset: all columns from one forward pass of MiniLM with Trident's heads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.encoders.catalogue.models import MINILM, MINILM_HEADS
from rag.encoders.catalogue.registry import find_preset
from rag.encoders.columns import Column
from rag.encoders.families.heads.model import HeadsModel, load_heads
from rag.encoders.families.minilm import DenseTokenModel
from rag.encoders.weights.find import find_weights
from rag.errors import WeightsError
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Part

SETTINGS = EncoderSettings(offline=True, runtime="torch", device="cpu")
LARGEST = 2_000_000  # bytes that the package may grow by
TEXTS = ["Bees dance to tell of flowers.", "Bees.", "The with statement wraps a block." * 20]


@pytest.fixture(scope="module")
def folder() -> Path:
    return find_weights(MINILM, SETTINGS).path


@pytest.fixture(scope="module")
def part() -> Part:
    return find_preset("minilm").parts[0]


@pytest.fixture(scope="module")
def model(folder: Path, part: Part) -> HeadsModel:
    return HeadsModel(folder, part, SETTINGS)


def test_one_pass_fills_all_columns(model: HeadsModel) -> None:
    (output,) = model.encode_passages(TEXTS[:1])
    assert output.dense is not None
    assert output.sparse is not None
    assert output.tokens is not None
    assert model.dims == {Column.DENSE: 384, Column.SPARSE: 30_522, Column.TOKENS: 128}
    assert (output.dense.shape, output.tokens.vectors.shape) == ((384,), (6, 128))
    words = [TEXTS[0][start:end] for start, end in output.tokens.spans]
    assert words == ["Bees", "dance", "to", "tell", "of", "flowers"]


def test_terms_are_the_text_s_own_words(model: HeadsModel) -> None:
    (output,) = model.encode_passages(["bees bees bees"])
    assert output.sparse is not None
    (bees,) = model.tokenizer.ids_of(["bees"])
    assert output.sparse.indices.tolist() == [bees]


def test_dense_vectors_stay_near_those_of_the_plain_model(
    model: HeadsModel, folder: Path, part: Part
) -> None:
    plain = DenseTokenModel(folder, replace(part, model=MINILM), SETTINGS)
    pairs = zip(model.encode_passages(TEXTS), plain.encode_passages(TEXTS), strict=True)
    for ours, theirs in pairs:
        assert ours.dense is not None
        assert theirs.dense is not None
        assert float(ours.dense @ theirs.dense) > 0.9


def test_a_text_is_encoded_alike_alone_and_among_others(model: HeadsModel) -> None:
    for text, among in zip(TEXTS, model.encode_questions(TEXTS), strict=True):
        (alone,) = model.encode_questions([text])
        assert among.tokens is not None
        assert alone.tokens is not None
        assert among.tokens.vectors == pytest.approx(alone.tokens.vectors, abs=1e-5)
        assert among.dense == pytest.approx(alone.dense, abs=1e-5)


@pytest.mark.parametrize("text", ["", "!?", "\ud800"])
def test_a_text_without_words_has_no_rows_and_no_terms(model: HeadsModel, text: str) -> None:
    for output in (*model.encode_passages([text]), *model.encode_questions([text])):
        assert output.dense is not None
        assert np.isfinite(output.dense).all()
        assert output.tokens is not None
        assert output.sparse is not None
        assert (len(output.tokens.vectors), len(output.sparse.indices)) == (0, 0)


def test_the_weights_that_ship_are_small(part: Part) -> None:
    assert part.model.adapter is not None
    assert part.model.adapter.stat().st_size <= LARGEST


def test_heads_of_another_kind_are_refused(folder: Path) -> None:
    with pytest.raises(WeightsError, match="do not fit the model"):
        load_heads(folder / "model.safetensors", folder)


def test_a_model_without_heads_is_refused(folder: Path, part: Part) -> None:
    headless = replace(part, model=replace(MINILM_HEADS, adapter=None))
    with pytest.raises(WeightsError, match="names no file of heads"):
        HeadsModel(folder, headless, SETTINGS)
