"""MLDR comes from the hub at its pinned revision, in both layouts, through a real HTTP hub."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from eval.data.formats import read_mldr
from eval.data.mldr_hub import SOURCES, mldr_folder
from eval.data.mldr_layouts import Split
from rag.errors import DatasetError, InputError, SourceError
from tests.corpus import TEXTS
from tests.eval.collection import write_mldr, write_mteb
from tests.rag.cli.hub import hub_of

if TYPE_CHECKING:
    from pathlib import Path

WRITERS = {"hub": write_mldr, "hub:mteb": write_mteb}
# In a process of its own: huggingface_hub reads its variables when it is imported.
FETCH = """
import sys
from eval.data.mldr_hub import mldr_folder
from eval.data.mldr_layouts import Split
from rag.errors import DatasetError
try:
    print(mldr_folder(sys.argv[1], "en", Split.TEST, *sys.argv[2:]))
except DatasetError as error:
    print("DatasetError", error)
"""
OTHER = "0123456789abcdef0123456789abcdef01234567"


def fetch(arguments: list[str], endpoint: str, cache: Path, offline: str = "0") -> str:
    variables = {"HF_ENDPOINT": endpoint, "HF_HUB_OFFLINE": offline, "HF_HUB_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", FETCH, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("data", SOURCES)
def test_only_the_language_and_split_are_fetched_and_the_cache_serves_offline(
    tmp_path: Path, data: str
) -> None:
    from pathlib import Path

    repository = SOURCES[data].repository
    for language in ("en", "de"):
        WRITERS[data](tmp_path / "served", language)
    served = (tmp_path / "served", repository.repo, repository.revision, repository.revision)
    with hub_of(*served, kind="datasets") as endpoint:
        folder = Path(fetch([data], endpoint, tmp_path / "cache"))
    assert read_mldr(folder, "en").language == "en"
    assert [document.id for document in read_mldr(folder, "en").documents()] == list(TEXTS)
    assert repository.revision in folder.parts
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in names if "dev" in name or "train" in name]
    assert not [path for path in folder.rglob("*") if "de" in path.name.split("-")]
    again = fetch([data], "http://127.0.0.1:9", tmp_path / "cache", offline="1")
    assert Path(again) == folder


def test_another_revision_is_fetched_when_it_is_named(tmp_path: Path) -> None:
    write_mldr(tmp_path / "served", "en")
    served = (tmp_path / "served", SOURCES["hub"].repository.repo, OTHER, OTHER)
    with hub_of(*served, kind="datasets") as endpoint:
        assert OTHER in fetch(["hub", OTHER], endpoint, tmp_path / "cache")
        refused = fetch(["hub"], endpoint, tmp_path / "cache")
    assert refused.startswith("DatasetError The hub repository Shitao/MLDR@d67138e")
    assert refused.count("\n") == 0


@pytest.mark.parametrize("data", SOURCES)
def test_without_a_hub_one_sentence_says_what_to_do(data: str) -> None:
    with pytest.raises(DatasetError, match=r"hub is offline, and .*name a folder that holds"):
        mldr_folder(data, "en", Split.TEST, OTHER)


def test_revisions_are_pinned_to_commits() -> None:
    assert all(source.repository.pinned for source in SOURCES.values())


def test_a_folder_is_itself_and_has_no_revision(tmp_path: Path) -> None:
    assert mldr_folder(str(tmp_path), "en", Split.TEST) == tmp_path
    with pytest.raises(InputError, match="--revision goes with --data hub"):
        mldr_folder(str(tmp_path), "en", Split.TEST, OTHER)
    with pytest.raises(SourceError, match="no language 'xx'"):
        mldr_folder("hub", "xx", Split.TEST)
