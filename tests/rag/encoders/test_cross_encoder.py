"""`search.cross_encoder` names a model that is found, checked and loaded, or refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.encoders.cross_encoder import load_cross_encoder
from rag.errors import SettingsError, WeightsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_colbert import stanford_folder
from tests.rag.encoders.tiny_cross_encoder import cross_encoder_folder

if TYPE_CHECKING:
    from pathlib import Path

OFFLINE = EncoderSettings(offline=True, device="cpu")


def test_a_folder_is_loaded_and_says_which_bytes_it_holds(tmp_path: Path) -> None:
    model = load_cross_encoder(str(cross_encoder_folder(tmp_path)), OFFLINE)
    assert model.info.role == "rerank"
    assert model.info.path == str(tmp_path)
    assert len(model.info.sha256) == 64
    assert len(model.score("what did the cat see", ["a park", "a mat"]).scores) == 2


def test_no_name_says_what_to_set() -> None:
    with pytest.raises(SettingsError, match=r"search\.cross_encoder"):
        load_cross_encoder(None, OFFLINE)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no cross-encoder"):
        load_cross_encoder(str(stanford_folder(tmp_path)), OFFLINE)


def test_a_name_that_needs_the_hub_is_refused_offline_in_one_sentence() -> None:
    name = "cross-encoder/ms-marco-MiniLM-L6-v2@" + "0" * 40
    with pytest.raises(WeightsError, match=r"offline.*name a folder") as refusal:
        load_cross_encoder(name, OFFLINE)
    assert "\n" not in str(refusal.value)
