"""PyLate folders and MultiVectorEncoders: their own configuration decides, spans fit the text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sentence_transformers import MultiVectorEncoder

from rag.encoders.columns import Column
from rag.encoders.families.colbert.model import ColbertModel
from rag.encoders.families.sentence_transformers.multi_vector import MultiVectorModel
from rag.errors import WeightsError
from tests.rag.encoders.tiny_colbert import (
    DIM,
    DOC_MAXLEN,
    LONG_PASSAGE,
    LONG_QUESTION,
    PASSAGES,
    QUERY_MAXLEN,
    QUESTION,
    part,
    pylate_folder,
    save_backbone,
    sentence_transformer_folder,
    settings,
    stanford_folder,
    tokens,
    vectors,
    write_json,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rag.types import FloatArray

TEXTS = [*PASSAGES, LONG_PASSAGE]
QUESTIONS = [QUESTION, LONG_QUESTION, "cats", ""]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pylate_folder(tmp_path_factory.mktemp("pylate"))


@pytest.fixture(scope="module")
def model(folder: Path) -> MultiVectorModel:
    return load(folder)


def load(folder: Path, batch_tokens: int = 2048, max_tokens: int | None = None) -> MultiVectorModel:
    return MultiVectorModel(folder, part("multi-vector", max_tokens), settings(batch_tokens))


def assert_same(ours: list[FloatArray], theirs: list[FloatArray]) -> None:
    for rows, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(rows, expected, atol=1e-5)


@pytest.mark.parametrize("metadata", [{}, {"attend_to_mask_tokens": True}])
def test_a_stanford_checkpoint_gives_what_colbert_gives(
    tmp_path: Path, metadata: dict[str, Any]
) -> None:
    folder = stanford_folder(tmp_path, **metadata)
    ours, theirs = load(folder), ColbertModel(folder, part("colbert"), settings())
    pairs = [
        *zip(ours.encode_passages(TEXTS), theirs.encode_passages(TEXTS), strict=True),
        *zip(ours.encode_questions(QUESTIONS), theirs.encode_questions(QUESTIONS), strict=True),
    ]
    for mine, other in pairs:
        np.testing.assert_allclose(tokens(mine).vectors, tokens(other).vectors, atol=1e-5)
        np.testing.assert_array_equal(tokens(mine).spans, tokens(other).spans)
        assert (mine.token_count, mine.truncated) == (other.token_count, other.truncated)
    assert ours.window_tokens == theirs.window_tokens
    assert ours.dims == theirs.dims


def test_a_pylate_folder_gives_what_sentence_transformers_gives(
    folder: Path, model: MultiVectorModel
) -> None:
    theirs = MultiVectorEncoder(str(folder), local_files_only=True)
    expected = theirs.encode_document(TEXTS, convert_to_numpy=True)
    assert_same(vectors(model.encode_passages(TEXTS)), expected)
    expected = theirs.encode_query(QUESTIONS, convert_to_numpy=True)
    assert_same(vectors(model.encode_questions(QUESTIONS)), expected)


def test_a_model_saved_by_sentence_transformers_gives_what_it_gave(
    folder: Path, model: MultiVectorModel, tmp_path: Path
) -> None:
    MultiVectorEncoder(str(folder), local_files_only=True).save(str(tmp_path))
    saved = load(tmp_path)
    assert_same(vectors(saved.encode_passages(TEXTS)), vectors(model.encode_passages(TEXTS)))
    assert_same(
        vectors(saved.encode_questions(QUESTIONS)), vectors(model.encode_questions(QUESTIONS))
    )


def test_questions_are_expanded_to_the_length_the_model_names(model: MultiVectorModel) -> None:
    (output,) = model.encode_questions(["cats"])
    assert tokens(output).vectors.shape == (QUERY_MAXLEN, DIM)
    assert model.dims == {Column.TOKENS: DIM}


def test_a_model_without_expansion_gives_the_rows_of_the_question(tmp_path: Path) -> None:
    model = load(pylate_folder(tmp_path, do_query_expansion=False))
    (output,) = model.encode_questions(["cats"])
    covered = ["cats"[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "cat", "s", ""]


def test_a_prompt_in_words_covers_no_characters(tmp_path: Path) -> None:
    model = load(pylate_folder(tmp_path, document_prefix="what did the "))
    (output,) = model.encode_passages(["The cats, far."])
    covered = ["The cats, far."[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "", "", "The", "cat", "s", "far", ""]
    assert model.window_tokens == DOC_MAXLEN - 2 - 3


def test_a_passage_row_covers_the_characters_of_its_token(model: MultiVectorModel) -> None:
    (output,) = model.encode_passages(["Sleepy cats, (far) away!"])
    covered = ["Sleepy cats, (far) away!"[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "Sleep", "y", "cat", "s", "far", "away", ""]


def test_token_spans_are_those_of_the_whole_text(model: MultiVectorModel) -> None:
    (whole,) = model.token_spans([LONG_PASSAGE])
    assert [LONG_PASSAGE[start:end] for start, end in whole] == LONG_PASSAGE.split()
    assert model.count(LONG_PASSAGE) == len(whole)


def test_a_window_is_what_the_passage_length_leaves_for_text(model: MultiVectorModel) -> None:
    fits, cut = model.encode_passages(["cat " * model.window_tokens, "cat " * DOC_MAXLEN])
    assert (fits.truncated, fits.token_count) == (False, DOC_MAXLEN)
    assert (cut.truncated, cut.token_count) == (True, DOC_MAXLEN + 3)
    assert len(tokens(cut).vectors) == DOC_MAXLEN


def test_a_preset_may_set_another_passage_length(folder: Path) -> None:
    model = load(folder, max_tokens=40)
    assert model.window_tokens == 37
    (output,) = model.encode_passages(["cat " * 37])
    assert (len(tokens(output).vectors), output.truncated) == (40, False)


def test_a_question_longer_than_the_model_reads_is_cut_and_says_so(
    model: MultiVectorModel,
) -> None:
    fits, cut = model.encode_questions(["cat " * (QUERY_MAXLEN - 3), "cat " * QUERY_MAXLEN])
    assert (fits.truncated, cut.truncated) == (False, True)
    assert len(tokens(cut).vectors) == QUERY_MAXLEN


def test_batches_and_padding_do_not_change_results(folder: Path, model: MultiVectorModel) -> None:
    small = load(folder, batch_tokens=256)
    alone = [model.encode_passages([text])[0] for text in TEXTS * 10]
    assert_same(vectors(small.encode_passages(TEXTS * 10)), vectors(alone))
    alone = [model.encode_questions([text])[0] for text in QUESTIONS * 10]
    assert_same(vectors(small.encode_questions(QUESTIONS * 10)), vectors(alone))


def test_threads_do_not_disturb_each_other(model: MultiVectorModel) -> None:
    expected = [*vectors(model.encode_passages(TEXTS)), *vectors(model.encode_questions(QUESTIONS))]

    def encode(_: int) -> list[FloatArray]:
        passages, questions = model.encode_passages(TEXTS), model.encode_questions(QUESTIONS)
        return [*vectors(passages), *vectors(questions)]

    with ThreadPoolExecutor(4) as pool:
        for run in pool.map(encode, range(12)):
            assert_same(run, expected)


def test_no_texts_give_no_results(model: MultiVectorModel) -> None:
    assert model.encode_passages([]) == model.encode_questions([]) == model.token_spans([]) == []


def test_lone_surrogates_are_read(model: MultiVectorModel) -> None:
    (output,) = model.encode_passages(["the \ud800 cat"])
    assert output.token_count == 6


def test_the_forward_clock_runs(folder: Path) -> None:
    model = load(folder)
    assert model.forward_seconds == 0
    model.encode_questions([QUESTION])
    assert model.forward_seconds > 0


def test_a_sentence_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="one vector a text"):
        load(sentence_transformer_folder(tmp_path))


def test_a_plain_transformer_is_refused(tmp_path: Path) -> None:
    save_backbone(tmp_path, ["BertModel"])
    with pytest.raises(WeightsError, match="one vector a text"):
        load(tmp_path)


def test_a_stanford_checkpoint_without_projection_is_refused(tmp_path: Path) -> None:
    save_backbone(tmp_path, ["HF_ColBERT"], prefix="bert.")
    with pytest.raises(WeightsError, match=r"lack linear\.weight"):
        load(tmp_path)


def test_a_model_that_brings_its_own_code_is_refused(tmp_path: Path) -> None:
    folder = pylate_folder(tmp_path)
    write_json(folder / "config.json", {"auto_map": {"AutoModel": "some/repo--modeling.Model"}})
    with pytest.raises(WeightsError, match="code from its own repository"):
        load(folder)


def test_a_folder_without_its_projection_is_refused(tmp_path: Path) -> None:
    folder = pylate_folder(tmp_path)
    (folder / "1_Dense" / "model.safetensors").unlink()
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load(folder)
