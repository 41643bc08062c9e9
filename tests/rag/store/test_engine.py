from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import StoreError
from rag.store.embedded import EmbeddedStore
from rag.store.engine import engine_errors
from rag.store.sdk import embedded_sdk, server_sdk
from tests.rag.store.process import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.store.sdk import Sdk

OPEN = """
import sys
from pathlib import Path
from rag.store.embedded import EmbeddedStore
from rag.store.engine import count_rows
from tests.rag.store.rows import document, query, spec
store = EmbeddedStore.open(Path(sys.argv[1]))
"""


def test_nothing_of_the_engine_reaches_the_users_streams(tmp_path: Path) -> None:
    done = run(
        "print('before')" + OPEN + "print('open'); store.close(); print('closed')", tmp_path / "db"
    )
    assert done.stdout == "before\nopen\nclosed\n"
    assert done.stderr == ""
    assert done.returncode == 0
    assert "Infinity" in (tmp_path / "db" / "engine-stdout.log").read_text()


def test_a_process_may_end_without_closing_the_database(tmp_path: Path) -> None:
    use = "store.create_collection(spec('a')); store.write('a', [document('d', 'x')])\n"
    hold = "import builtins; builtins.held = [store]; held.append(held)\n"
    done = run(OPEN + use + hold + "print(len(store.search('a', query())))", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_an_error_that_ends_the_process_is_not_followed_by_native_complaints(
    tmp_path: Path,
) -> None:
    fail = "store.create_collection(spec('a')); count_rows(store._engine, 'nope', '1 = 1')"
    done = run(OPEN + fail, tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.rstrip().splitlines()[-1].startswith("rag.errors.StoreError: The database")


def test_everything_lies_in_the_databases_folder(tmp_path: Path) -> None:
    done = run(OPEN + "print(store.state_dir)", tmp_path / "new" / "db")
    assert done.stdout == f"{tmp_path / 'new' / 'db'}\n"
    assert {path.name for path in tmp_path.iterdir()} == {"new"}
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"db"}


def test_one_process_opens_one_database(embedded_store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can open only one; close it before opening"):
        EmbeddedStore.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(OPEN, tmp_path / "file" / "db")
    assert "StoreError: The folder" in done.stderr


def test_a_closed_database_says_so(tmp_path: Path) -> None:
    done = run(
        OPEN
        + "store.create_collection(spec('a')); store.close(); count_rows(store._engine, 'a', '')",
        tmp_path,
    )
    assert "is closed; open it again" in done.stderr


def test_a_missing_engine_is_a_sentence_about_the_platform(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['infinity_embedded'] = None\n"
    done = run(hide + OPEN, tmp_path)
    assert "EngineMissingError: The embedded database engine is not installed" in done.stderr


@pytest.mark.parametrize("error", [ValueError("3091"), RuntimeError("x"), AttributeError("y")])
def test_what_escapes_the_sdk_becomes_a_sentence(error: Exception) -> None:
    with (
        pytest.raises(StoreError, match="engine failed to search") as raised,
        engine_errors("search", embedded_sdk()),
    ):
        raise error
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("sdk", [embedded_sdk, server_sdk])
def test_an_engines_reason_is_told_without_its_source_lines(sdk: Callable[[], Sdk]) -> None:
    with pytest.raises(StoreError) as raised, engine_errors("search", sdk()):
        raise sdk().error(3022, "Table x doesn't exist.@src/planner.cpp:12")
    assert str(raised.value) == "The database engine failed to search: Table x doesn't exist."
