"""The command line, end to end: index a folder, search it, ask it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import TEXTS
from tests.rag.cli.command import trident, trident_json
from tests.rag.encoders.tiny_cross_encoder import cross_encoder_folder

pytestmark = pytest.mark.xdist_group("cli_cli")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in TEXTS.items():
        (folder / f"{name}.md").write_text(f"# About {name}\n\n{text}\n")
    (folder / "broken.jsonl").write_text('{"id": "a", "text": "Alpacas live in Peru."}\n{"id":\n')
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """A database that `trident index` has filled."""
    store = tmp_path_factory.mktemp("store")
    report = trident_json("index", str(folder), "-c", "test", store=store, code=3)
    assert report["added"] == len(TEXTS) + 1
    assert "broken.jsonl:2" in report["skipped"][0]["source"]
    return store


def test_indexing_again_writes_nothing_and_says_what_it_did(store: Path, folder: Path) -> None:
    done = trident("index", str(folder), "-c", "test", store=store, code=3)
    assert "0 added" in done.stdout
    assert f"{len(TEXTS) + 1} unchanged" in done.stdout
    assert "broken.jsonl:2" in done.stdout


def test_search_shows_rank_legs_place_and_snippet(store: Path) -> None:
    done = trident("search", "Where is the most active volcano?", "-c", "test", store=store)
    first = done.stdout.split("\n2. ")[0]
    assert first.startswith("1. About volcano")
    assert "volcano.md [" in first
    assert "MaxSim" in first
    assert "dense #1" in first
    assert "Mount Etna is the most active volcano" in first


def test_an_explained_search_shows_legs_shares_and_pairs_of_tokens(store: Path) -> None:
    done = trident("search", "active volcano", "-c", "test", "-k", "1", "--explain", store=store)
    assert "dense: #1, score" in done.stdout
    assert "fused 0.0" in done.stdout
    assert "volcano → volcano" in done.stdout


def test_a_cross_encoder_that_is_not_there_gets_one_sentence(store: Path) -> None:
    arguments = ("search", "bees", "-c", "test", "--rerank", "cross_encoder")
    done = trident(*arguments, store=store, code=2)
    assert "set search.cross_encoder" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_cross_encoder_is_named_by_a_flag_and_reads_as_many_passages_as_told(
    store: Path, tmp_path: Path
) -> None:
    judge = ("--cross-encoder", str(cross_encoder_folder(tmp_path)))
    few = ("--rerank", "tensor+cross_encoder", "--cross-encoder-candidates", "2", "-k", "2")
    best = trident_json("search", "waggle dance", "-c", "test", "-k", "2", store=store)
    arguments = ("waggle dance", "-c", "test", *judge, *few)
    found = trident_json("search", *arguments, store=store)
    assert found["scored_by"] == "cross_encoder"
    assert ids(found) == ids(best)
    answer = trident_json("ask", *arguments, store=store)
    assert answer["search"]["passages"] == found["passages"]


def ids(result: Any) -> set[str]:
    return {passage["chunk"]["id"] for passage in result["passages"]}


def test_search_as_json_is_one_document_with_offsets_that_are_true(
    store: Path, folder: Path
) -> None:
    result = trident_json("search", "waggle dance", "-c", "test", "-k", "2", store=store)
    best = result["passages"][0]
    assert len(result["passages"]) == 2
    assert set(best["leg_ranks"]) == {"dense", "sparse", "fulltext"}
    text = (folder / "bees.md").read_text()
    assert text[best["chunk"]["start"] : best["chunk"]["end"]] == best["chunk"]["text"]


def test_ask_answers_with_citations(store: Path) -> None:
    answer = trident_json("ask", "When did Etna erupt?", "-c", "test", store=store)
    assert "It erupted again in 2021. [" in answer["text"]
    for citation in answer["citations"]:
        text = Path(citation["doc_id"]).read_text()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("search", ""), 2, "question is empty"),
        (("search", "bees", "-c", "nowhere"), 2, "no collection 'nowhere'; there are: test"),
        (("index", "/no/such/folder"), 2, "matches no file or folder"),
        (("search", "bees", "-k", "0"), 2, "search.top_k"),
        (("search", "bees", "--legs", "colbert"), 2, "search.legs"),
    ],
)
def test_bad_input_gets_one_sentence(
    store: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = trident(*arguments, store=store, code=code)
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_an_error_as_json_has_a_code(store: Path) -> None:
    error = trident_json("search", " ", "-c", "test", store=store, code=2)["error"]
    assert error["code"] == "empty_question"


def test_collections_are_listed_and_dropped(store: Path, folder: Path) -> None:
    trident("index", str(folder / "bees.md"), "-c", "Other", store=store)
    names = [c["name"] for c in trident_json("collections", "list", store=store)]
    assert names == ["Other", "test"]
    trident("collections", "drop", "Other", "--yes", store=store)
    names = [c["name"] for c in trident_json("collections", "list", store=store)]
    assert names == ["test"]


def test_doctor_finds_engine_weights_and_database(store: Path) -> None:
    findings = {f["name"]: f for f in trident_json("doctor", store=store)}
    assert all(f["ok"] for f in findings.values())
    assert "0.6.0" in findings["database"]["detail"]
    assert "test" in findings["database"]["detail"]
    assert sum("sha256" in f["detail"] for f in findings.values()) == 1


def test_config_shows_where_a_setting_comes_from(tmp_path: Path) -> None:
    shown = trident_json("config", "show", store=tmp_path)
    assert shown["store.path"] == {"value": str(tmp_path), "origin": "environment"}


def test_help_and_version_load_no_model_library() -> None:
    code = (
        "import sys; from rag.cli import main; "
        "print(sorted({'torch', 'transformers', 'infinity_embedded'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []
