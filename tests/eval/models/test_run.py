"""Presets are measured on a real collection with their real weights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.data.formats import read_files
from eval.models.run import measure
from eval.progress import silent
from rag.settings import EncoderSettings, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from eval.data.datasets import Dataset

SETTINGS = Settings(encoder=EncoderSettings(offline=True, runtime="torch", device="cpu"))
TEXTS = {
    "bees": "Bees dance to tell where flowers are.",
    "rivers": "Rivers carry sand to the sea.",
    "locks": "A lock keeps two threads apart.",
}
QUESTIONS = {
    "q1": ("How do bees tell of flowers?", "bees"),
    "q2": ("Where does sand go?", "rivers"),
}


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    files = {
        "corpus": [json.dumps({"docid": k, "text": v}) for k, v in TEXTS.items()],
        "queries": [json.dumps({"query_id": k, "query": q}) for k, (q, _) in QUESTIONS.items()],
        "qrels": [f"{k}\t0\t{doc}\t1" for k, (_, doc) in QUESTIONS.items()],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    return read_files(*(tmp_path / name for name in files))


def test_every_preset_gets_its_table(dataset: Dataset) -> None:
    found = measure(dataset, SETTINGS, ["minilm", "minilm-splade"], None, silent)
    assert set(found) == {"minilm", "minilm-splade"}
    assert all(rows["maxsim"].mean == 1.0 for rows in found.values())


def test_a_cut_corpus_keeps_only_the_questions_that_it_answers(
    dataset: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "ids").write_text("rivers\nlocks\n", encoding="utf-8")
    rows = measure(dataset, SETTINGS, ["minilm"], tmp_path / "ids", silent)["minilm"]
    assert rows["dense"].mean == 1.0
