"""ColBERT checkpoints: the vectors are colbert-ai's own, and every row knows its characters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from rag.encoders.columns import Column
from rag.encoders.families.colbert.checkpoint import open_checkpoint
from rag.encoders.families.colbert.model import ColbertModel
from rag.errors import WeightsError
from rerankers.maxsim import maxsim_documents
from tests.rag.encoders.tiny_colbert import (
    DIM,
    DOC_MAXLEN,
    LONG_PASSAGE,
    LONG_QUESTION,
    METADATA,
    PASSAGES,
    QUERY_MAXLEN,
    QUESTION,
    part,
    random_projection,
    save_backbone,
    settings,
    stanford_folder,
    tokens,
    vectors,
    write_json,
)

if TYPE_CHECKING:
    from pathlib import Path


TEXTS = [*PASSAGES, LONG_PASSAGE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stanford_folder(tmp_path_factory.mktemp("colbert"))


@pytest.fixture(scope="module")
def model(folder: Path) -> ColbertModel:
    return load(folder)


def load(folder: Path, batch_tokens: int = 2048, max_tokens: int | None = None) -> ColbertModel:
    return ColbertModel(folder, part("colbert", max_tokens), settings(batch_tokens))


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"attend_to_mask_tokens": True},
        {"mask_punctuation": False},
        {"similarity": "l2"},
        {"query_token_id": "[unused1]", "doc_token_id": "[unused0]"},
    ],
)
@pytest.mark.parametrize("question", [QUESTION, LONG_QUESTION, "a [MASK] in the [PAD]?", ""])
def test_scores_are_those_of_colbert_ai(
    tmp_path: Path, metadata: dict[str, Any], question: str
) -> None:
    folder = stanford_folder(tmp_path, **metadata)
    checkpoint = open_checkpoint(folder)
    (theirs,) = checkpoint.queryFromText([question])
    their_passages = checkpoint.docFromText(TEXTS, keep_dims=False)
    expected = maxsim_documents(theirs.numpy(), [rows.numpy() for rows in their_passages])
    model = load(folder)
    (ours,) = vectors(model.encode_questions([question]))
    scores = maxsim_documents(ours, vectors(model.encode_passages(TEXTS)))
    np.testing.assert_allclose(scores, expected, atol=1e-4)


def test_a_question_fills_the_length_the_checkpoint_names(model: ColbertModel) -> None:
    (output,) = model.encode_questions([QUESTION])
    assert tokens(output).vectors.shape == (QUERY_MAXLEN, DIM)
    assert model.dims == {Column.TOKENS: DIM}


def test_rows_have_unit_length(model: ColbertModel) -> None:
    for rows in vectors([*model.encode_passages(TEXTS), *model.encode_questions([QUESTION])]):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_passage_row_covers_the_characters_of_its_token(model: ColbertModel) -> None:
    (output,) = model.encode_passages(["Sleepy cats, (far) away!"])
    covered = ["Sleepy cats, (far) away!"[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "Sleep", "y", "cat", "s", "far", "away", ""]


def test_marker_special_tokens_and_filling_of_a_question_cover_nothing(
    model: ColbertModel,
) -> None:
    (output,) = model.encode_questions(["the cats?"])
    covered = ["the cats?"[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "the", "cat", "s", "?", *[""] * (QUERY_MAXLEN - 6)]


def test_punctuation_stays_where_the_checkpoint_does_not_mask_it(tmp_path: Path) -> None:
    model = load(stanford_folder(tmp_path, mask_punctuation=False))
    (output,) = model.encode_passages(["cat, dogs."])
    covered = ["cat, dogs."[start:end] for start, end in tokens(output).spans]
    assert covered == ["", "", "cat", ",", "dogs", ".", ""]


def test_token_spans_are_those_of_the_whole_text(model: ColbertModel) -> None:
    (whole,) = model.token_spans([LONG_PASSAGE])
    assert [LONG_PASSAGE[start:end] for start, end in whole] == LONG_PASSAGE.split()
    assert model.count(LONG_PASSAGE) == len(whole)


def test_a_window_is_what_the_passage_length_leaves_for_text(model: ColbertModel) -> None:
    assert model.window_tokens == DOC_MAXLEN - len(["[CLS]", "[D]", "[SEP]"])
    fitting, cut = model.encode_passages(
        [words(model.window_tokens), words(model.window_tokens + 1)]
    )
    assert (fitting.truncated, cut.truncated) == (False, True)
    assert len(tokens(fitting).vectors) == len(tokens(cut).vectors) == DOC_MAXLEN


def test_a_preset_may_set_another_passage_length(folder: Path) -> None:
    model = load(folder, max_tokens=40)
    assert model.window_tokens == 37
    (output,) = model.encode_passages([words(37)])
    assert (len(tokens(output).vectors), output.truncated) == (40, False)


def test_a_question_longer_than_the_model_reads_is_cut_and_says_so(model: ColbertModel) -> None:
    fits, cut = model.encode_questions([words(QUERY_MAXLEN - 3), words(QUERY_MAXLEN - 2)])
    assert (fits.truncated, fits.token_count) == (False, QUERY_MAXLEN)
    assert (cut.truncated, cut.token_count) == (True, QUERY_MAXLEN + 1)


def test_batches_and_padding_do_not_change_results(folder: Path, model: ColbertModel) -> None:
    many = load(folder, batch_tokens=256).encode_passages(TEXTS * 10)
    for text, output in zip(TEXTS * 10, many, strict=True):
        (alone,) = model.encode_passages([text])
        np.testing.assert_allclose(tokens(output).vectors, tokens(alone).vectors, atol=1e-5)
        np.testing.assert_array_equal(tokens(output).spans, tokens(alone).spans)


def test_results_come_in_the_order_of_the_texts(model: ColbertModel) -> None:
    backwards = vectors(model.encode_passages(TEXTS[::-1]))[::-1]
    for rows, expected in zip(vectors(model.encode_passages(TEXTS)), backwards, strict=True):
        np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_no_texts_give_no_results(model: ColbertModel) -> None:
    assert model.encode_passages([]) == model.encode_questions([]) == model.token_spans([]) == []


def test_lone_surrogates_are_read(model: ColbertModel) -> None:
    (output,) = model.encode_passages(["the \ud800 cat"])
    assert output.token_count == 6


def test_threads_do_not_disturb_each_other(model: ColbertModel) -> None:
    expected = vectors(model.encode_passages(TEXTS))
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: vectors(model.encode_passages(TEXTS)), range(12)))
    for run in runs:
        for rows, wanted in zip(run, expected, strict=True):
            np.testing.assert_allclose(rows, wanted, atol=1e-5)


def test_the_forward_clock_runs(folder: Path) -> None:
    model = load(folder)
    assert model.forward_seconds == 0
    model.encode_questions([QUESTION])
    assert model.forward_seconds > 0


def test_half_precision_weights_are_computed_with_in_float32(folder: Path, tmp_path: Path) -> None:
    half = stanford_folder(tmp_path)
    weights = load_file(half / "model.safetensors")
    save_file({name: value.half() for name, value in weights.items()}, half / "model.safetensors")
    assert open_checkpoint(half).linear.weight.dtype is torch.float32
    (ours,) = vectors(load(half).encode_questions([QUESTION]))
    (exact,) = vectors(load(folder).encode_questions([QUESTION]))
    np.testing.assert_allclose(ours, exact, atol=0.02)


def test_weights_in_pytorchs_own_format_are_read(folder: Path, tmp_path: Path) -> None:
    pickled = stanford_folder(tmp_path)
    torch.save(load_file(pickled / "model.safetensors"), pickled / "pytorch_model.bin")
    (pickled / "model.safetensors").unlink()
    (ours,) = vectors(load(pickled).encode_questions([QUESTION]))
    (expected,) = vectors(load(folder).encode_questions([QUESTION]))
    np.testing.assert_allclose(ours, expected, atol=1e-6)


def test_weights_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path)
    (folder / "model.safetensors").write_bytes(b"nothing of use")
    with pytest.raises(WeightsError, match="cannot be read"):
        load(folder)


def test_a_folder_without_metadata_is_refused(tmp_path: Path) -> None:
    save_backbone(tmp_path, ["HF_ColBERT"], prefix="bert.", linear=random_projection())
    with pytest.raises(WeightsError, match=r"has no artifact\.metadata"):
        load(tmp_path)


def test_weights_without_a_projection_are_refused(tmp_path: Path) -> None:
    save_backbone(tmp_path, ["HF_ColBERT"], prefix="bert.")
    write_json(tmp_path / "artifact.metadata", METADATA)
    with pytest.raises(WeightsError, match=r"lack linear\.weight"):
        load(tmp_path)


def test_weights_without_the_encoder_are_refused(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path)
    save_file(
        {"linear.weight": random_projection()}, folder / "model.safetensors", {"format": "pt"}
    )
    with pytest.raises(WeightsError, match=r"lack bert\.embeddings"):
        load(folder)


def test_a_width_that_the_weights_do_not_have_is_refused(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path, dim=DIM + 1)
    with pytest.raises(WeightsError, match=r"says dim 9, linear\.weight has 8 rows"):
        load(folder)


def test_a_marker_that_is_not_in_the_vocabulary_is_refused(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path, doc_token_id="[DocumentMarker]")
    with pytest.raises(WeightsError, match=r"\[DocumentMarker\].*not in its vocabulary"):
        load(folder)


def test_an_architecture_that_colbert_does_not_know_is_refused(tmp_path: Path) -> None:
    folder = stanford_folder(tmp_path)
    write_json(folder / "config.json", {"model_type": "no-such-model"})
    with pytest.raises(WeightsError, match="architecture that colbert-ai does not know"):
        load(folder)


def words(count: int) -> str:
    """A text of so many tokens."""
    return " ".join(["cat"] * count)
