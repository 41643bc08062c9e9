"""Models of entailment are read by their labels, premise first, and nothing is cut unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sentence_transformers import CrossEncoder

from rag.encoders.families.entailment import EntailmentModel
from rag.encoders.families.entailment_labels import labels_of
from rag.errors import WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_colbert import VOCABULARY
from tests.rag.encoders.tiny_cross_encoder import MAX_TOKENS, cross_encoder_folder

if TYPE_CHECKING:
    from pathlib import Path

PREMISE, HYPOTHESIS = "the cat sat on a mat", "the dogs ran"
PAIRS = [(PREMISE, HYPOTHESIS), ("a park", "dogs ran far away"), ("", "the cat")]
MNLI = {
    "DeBERTa-v3-base-mnli": ["entailment", "neutral", "contradiction"],
    "nli-deberta-v3-base": ["contradiction", "entailment", "neutral"],
    "bart-large-mnli": ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"],
}


def folder_of(folder: Path, names: list[str]) -> Path:
    """A checkpoint whose outputs have these names, as transformers saves them."""
    labels = dict(enumerate(names))
    return cross_encoder_folder(
        folder, len(names), id2label=labels, label2id={name: i for i, name in labels.items()}
    )


def load(folder: Path) -> EntailmentModel:
    return EntailmentModel(folder, EncoderSettings(batch_tokens=256, device="cpu"))


def probabilities(folder: Path, pairs: list[tuple[str, str]]) -> Any:
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    return model.predict(pairs, apply_softmax=True)


@pytest.mark.parametrize("names", MNLI.values(), ids=MNLI)
def test_mnli_models_are_read_by_the_names_of_their_labels(
    tmp_path: Path, names: list[str]
) -> None:
    folder = folder_of(tmp_path, names)
    expected = probabilities(folder, PAIRS)
    known = [name.lower() for name in names]
    for found, row in zip(load(folder).score(PAIRS), expected, strict=True):
        assert found.supported == pytest.approx(row[known.index("entailment")], abs=1e-5)
        assert found.contradicted == pytest.approx(row[known.index("contradiction")], abs=1e-5)


def test_minicheck_gives_support_as_its_second_output(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, ["LABEL_0", "LABEL_1"])
    found = load(folder).score(PAIRS)
    expected = probabilities(folder, PAIRS)[:, 1]
    np.testing.assert_allclose([each.supported for each in found], expected, atol=1e-5)
    assert {each.contradicted for each in found} == {None}


def test_hhem_gives_support_as_its_only_output(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, ["LABEL_0"])
    expected = CrossEncoder(str(folder), device="cpu", local_files_only=True).predict(PAIRS)
    found = [each.supported for each in load(folder).score(PAIRS)]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_premise_is_read_first(tmp_path: Path) -> None:
    model = load(folder_of(tmp_path, MNLI["DeBERTa-v3-base-mnli"]))
    there, back = model.score([(PREMISE, HYPOTHESIS), (HYPOTHESIS, PREMISE)])
    assert there.supported != pytest.approx(back.supported, abs=1e-4)


def test_a_long_premise_is_read_whole_in_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, str]] = []
    preprocess = CrossEncoder.preprocess

    def recorded(self: CrossEncoder, pairs: Any, **options: Any) -> Any:
        read.extend(pairs)
        return preprocess(self, pairs, **options)

    folder = folder_of(tmp_path, MNLI["DeBERTa-v3-base-mnli"])
    model = load(folder)
    monkeypatch.setattr(CrossEncoder, "preprocess", recorded)
    words = [f"{a} {b}" for a in VOCABULARY[-20:-4] for b in ("cat", "dogs")]
    (found,) = model.score([(" ".join(words), HYPOTHESIS)])
    windows = list(read)
    assert found.windows == len(windows) > 1
    assert all(any(word in premise for premise, _ in windows) for word in words)
    tokens = CrossEncoder(str(folder)).tokenizer(windows)["input_ids"]
    assert max(map(len, tokens)) <= MAX_TOKENS
    assert found.supported == pytest.approx(probabilities(folder, windows)[:, 0].max(), abs=1e-5)
    assert found.supported + (found.contradicted or 0) <= 1
    assert not found.truncated


def test_a_hypothesis_beyond_half_of_the_limit_is_cut_and_said_to_be(tmp_path: Path) -> None:
    model = load(folder_of(tmp_path, ["LABEL_0"]))
    (found,) = model.score([(PREMISE, "dogs ran far away and " * 20)])
    assert found.truncated
    assert found.hypothesis_tokens == (MAX_TOKENS - 3) // 2


def test_labels_that_mean_something_else_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="positive, negative"):
        load(folder_of(tmp_path, ["positive", "negative"]))


def test_no_layout_is_found_for_strange_labels() -> None:
    assert labels_of(["a", "b", "c"]) is None
    found = labels_of(["not_entailment", "entailment"])
    assert found is not None
    assert (found.support_at, found.contradiction_at) == (1, None)


def test_no_pairs_have_no_scores(tmp_path: Path) -> None:
    assert load(folder_of(tmp_path, ["LABEL_0"])).score([]) == []
