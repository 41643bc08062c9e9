"""Scores equal those of sentence-transformers' own `CrossEncoder`, and nothing is cut unsaid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from sentence_transformers import CrossEncoder

from rag.encoders.families.cross_encoder import CrossEncoderModel
from rag.errors import WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_colbert import VOCABULARY
from tests.rag.encoders.tiny_cross_encoder import MAX_TOKENS, cross_encoder_folder

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "what did the cats see?"
PASSAGES = ["the cat sat on a mat", "dogs ran far away.", "", "a park", "sleepy \ud800 dogs ran"]
LONG = "dogs ran far away and " * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder_folder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture(scope="module")
def model(folder: Path) -> CrossEncoderModel:
    return load(folder)


@pytest.fixture(scope="module")
def plain(folder: Path) -> CrossEncoder:
    return CrossEncoder(str(folder), device="cpu", local_files_only=True)


def load(folder: Path, batch_tokens: int = 256) -> CrossEncoderModel:
    return CrossEncoderModel(folder, EncoderSettings(batch_tokens=batch_tokens, device="cpu"))


def test_scores_equal_plain_sentence_transformers(
    model: CrossEncoderModel, plain: CrossEncoder
) -> None:
    sound = [passage.replace("\ud800", "?") for passage in PASSAGES]
    expected = plain.predict([(QUESTION, passage) for passage in sound])
    found = model.score(QUESTION, PASSAGES)
    np.testing.assert_allclose(found.scores, expected, atol=1e-6)
    assert np.ptp(found.scores) > 0.01
    assert not found.truncated


def test_a_model_saved_by_sentence_transformers_scores_alike(
    model: CrossEncoderModel, plain: CrossEncoder, tmp_path: Path
) -> None:
    plain.save_pretrained(str(tmp_path))
    again = load(tmp_path).score(QUESTION, PASSAGES).scores
    np.testing.assert_allclose(again, model.score(QUESTION, PASSAGES).scores, atol=1e-6)


def test_scores_do_not_depend_on_what_shares_a_batch(folder: Path) -> None:
    together = load(folder, batch_tokens=4096).score(QUESTION, [*PASSAGES, LONG]).scores
    alone = [load(folder).score(QUESTION, [text]).scores[0] for text in [*PASSAGES, LONG]]
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_a_long_passage_is_read_whole_and_counts_as_its_best_window(
    folder: Path, plain: CrossEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, str]] = []
    preprocess = CrossEncoder.preprocess

    def recorded(self: CrossEncoder, pairs: Any, **options: Any) -> Any:
        read.extend(pairs)
        return preprocess(self, pairs, **options)

    model = load(folder)
    monkeypatch.setattr(CrossEncoder, "preprocess", recorded)
    words = [f"{a} {b}" for a in VOCABULARY[-20:-4] for b in ("cat", "dogs")]
    (score,) = model.score(QUESTION, [" ".join(words)]).scores
    windows = list(read)
    assert len(windows) > 3
    assert all(any(word in window for _, window in windows) for word in words)
    assert plain.preprocess(windows)["input_ids"].shape[1] < MAX_TOKENS  # so none was cut
    assert score == pytest.approx(plain.predict(windows).max(), abs=1e-6)


def test_a_question_beyond_half_of_the_limit_is_cut_and_said_to_be(
    model: CrossEncoderModel,
) -> None:
    cut = model.score(LONG, PASSAGES)
    assert cut.truncated
    assert cut.question_tokens == (MAX_TOKENS - 3) // 2
    kept = " ".join(LONG.split()[: cut.question_tokens])
    np.testing.assert_allclose(model.score(kept, PASSAGES).scores, cut.scores, atol=1e-9)


def test_no_passages_have_no_scores(model: CrossEncoderModel) -> None:
    assert len(model.score(QUESTION, []).scores) == 0


def test_threads_get_the_same_scores(model: CrossEncoderModel) -> None:
    texts = [*PASSAGES, LONG]
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: model.score(QUESTION, texts).scores, range(8)))
    assert np.ptp(np.stack(runs), axis=0).max() < 1e-6


@pytest.mark.parametrize("lost", ["classifier.weight", "bert.pooler.dense.weight"])
def test_a_head_that_would_be_random_is_refused(tmp_path: Path, lost: str) -> None:
    file = cross_encoder_folder(tmp_path) / "model.safetensors"
    weights = load_file(file)
    del weights[lost]
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(WeightsError, match=lost):
        load(tmp_path)


def test_a_model_of_several_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="3 scores a pair"):
        load(cross_encoder_folder(tmp_path, labels=3))


def test_forward_seconds_grow_with_use(model: CrossEncoderModel) -> None:
    before = model.forward_seconds
    model.score(QUESTION, PASSAGES)
    assert model.forward_seconds > before
