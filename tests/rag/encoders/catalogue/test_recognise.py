"""A folder's architecture is told from what the libraries write into it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rag.encoders.catalogue.architectures import ARCHITECTURES
from rag.encoders.catalogue.models import MINILM, SPLADE_TINY
from rag.encoders.catalogue.recognise import MARKERS, recognise
from rag.encoders.weights.find import find_weights
from rag.errors import SettingsError
from rag.settings import EncoderSettings
from tests.rag.encoders import tiny_checkpoints, tiny_colbert, tiny_cross_encoder

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "config_sentence_transformers.json"


def write(folder: Path, **files: Any) -> Path:
    """Files of JSON; a name is given without its suffix."""
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def test_every_marker_stands_for_an_architecture_that_exists() -> None:
    assert {marker.architecture for marker in MARKERS} <= ARCHITECTURES.keys()


def test_a_stanford_checkpoint_is_colbert(tmp_path: Path) -> None:
    assert recognise(tiny_colbert.stanford_folder(tmp_path)) == "colbert"


def test_a_stanford_checkpoint_without_its_metadata_is_multi_vector(tmp_path: Path) -> None:
    folder = tiny_colbert.stanford_folder(tmp_path)
    (folder / "artifact.metadata").unlink()
    assert recognise(folder) == "multi-vector"


def test_an_old_pylate_folder_is_multi_vector(tmp_path: Path) -> None:
    assert recognise(tiny_colbert.pylate_folder(tmp_path)) == "multi-vector"


def test_a_newer_pylate_folder_is_multi_vector(tmp_path: Path) -> None:
    assert recognise(write(tmp_path, config_sentence_transformers={"model_type": "ColBERT"})) == (
        "multi-vector"
    )


def test_what_sentence_transformers_saves_of_a_multi_vector_encoder(tmp_path: Path) -> None:
    from sentence_transformers import MultiVectorEncoder

    pylate = tiny_colbert.pylate_folder(tmp_path / "pylate")
    MultiVectorEncoder(str(pylate)).save_pretrained(str(tmp_path / "saved"))
    assert recognise(tmp_path / "saved") == "multi-vector"


def test_what_sentence_transformers_saves_of_a_dense_model(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    plain = tiny_colbert.sentence_transformer_folder(tmp_path / "plain")
    SentenceTransformer(str(plain)).save_pretrained(str(tmp_path / "saved"))
    assert recognise(plain) == "sentence-transformer"
    assert recognise(tmp_path / "saved") == "sentence-transformer"


def test_what_sentence_transformers_saves_of_a_sparse_encoder(tmp_path: Path) -> None:
    from sentence_transformers import SparseEncoder

    splade = find_weights(SPLADE_TINY, EncoderSettings(offline=True)).path
    SparseEncoder(str(splade)).save_pretrained(str(tmp_path))
    assert recognise(tmp_path) == "sparse-encoder"


def test_a_masked_language_model_alone_is_splade() -> None:
    assert recognise(find_weights(SPLADE_TINY, EncoderSettings(offline=True)).path) == "splade"


def test_the_packaged_minilm_is_a_sentence_transformer() -> None:
    folder = find_weights(MINILM, EncoderSettings(offline=True)).path
    assert recognise(folder) == "sentence-transformer"


def test_bge_m3_is_known_by_its_heads_though_sentence_transformers_could_load_it(
    tmp_path: Path,
) -> None:
    folder = tiny_checkpoints.make_bge_m3(tmp_path)
    write(folder, modules=[{"type": "sentence_transformers.models.Pooling"}])
    assert recognise(folder) == "bge-m3"


def test_a_transformer_with_a_classifier_is_a_cross_encoder(tmp_path: Path) -> None:
    folder = tiny_cross_encoder.cross_encoder_folder(tmp_path)
    assert recognise(folder) == "cross-encoder"


def test_what_sentence_transformers_saves_of_a_cross_encoder(tmp_path: Path) -> None:
    config = {"model_type": "CrossEncoder"}
    assert recognise(write(tmp_path, config_sentence_transformers=config)) == "cross-encoder"


def test_an_unknown_folder_is_refused_with_all_that_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        recognise(tmp_path)
    for sign in ("artifact.metadata", "sparse_linear.pt", "SparseEncoder", "BertForMaskedLM"):
        assert sign in str(error.value)


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text("{")
    with pytest.raises(SettingsError, match=f"{CONFIG} cannot be read"):
        recognise(tmp_path)
