"""What only a process of its own can show: banners, locks, kills."""

from __future__ import annotations

import json
import signal
import subprocess
import textwrap
from typing import TYPE_CHECKING

import pytest

from tests.rag.store.process import start

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PRELUDE = """
import sys
from rag.settings import load_settings
from rag.store.embedded import EmbeddedStore
from rag.store.open import open_store
from tests.rag.store.rows import *
store = open_store(load_settings().store)
"""


def begin(code: str, database: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a process that has the database open."""
    return start("-c", PRELUDE + textwrap.dedent(code), variables=database)


def run(code: str, database: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The same to its end."""
    process = begin(code, database)
    stdout, stderr = process.communicate(timeout=120)
    return subprocess.CompletedProcess([], process.returncode, stdout, stderr)


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, str]:
    """Variables that name a database in a folder."""
    return {"TRIDENT_STORE__PATH": str(tmp_path)}


def test_the_engine_prints_nothing_and_leaves_in_peace(folder: Mapping[str, str]) -> None:
    done = run("print('mine')", folder)
    assert (done.stdout, done.stderr, done.returncode) == ("mine\n", "", 0)


def test_an_error_with_the_database_open_does_not_abort_the_process(
    folder: Mapping[str, str],
) -> None:
    done = run("raise SystemExit(7)", folder)
    assert (done.returncode, done.stderr) == (7, "")


def test_a_second_process_is_told_who_holds_the_database(folder: Mapping[str, str]) -> None:
    holder = begin("print('open', flush=True); input()", folder)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    second = run("", folder)
    assert second.returncode == 1
    assert f"is open in another process (pid {holder.pid}" in second.stderr
    holder.communicate("\n", timeout=30)
    assert run("", folder).returncode == 0


def test_a_killed_process_leaves_no_lock_behind(folder: Mapping[str, str]) -> None:
    holder = begin("print('open', flush=True); input()", folder)
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=30)
    assert run("", folder).returncode == 0


def test_one_process_opens_one_database(folder: Mapping[str, str]) -> None:
    code = """
        try:
            EmbeddedStore.open(store.state_dir / "other")
        except Exception as error:
            print(type(error).__name__, error)
        store.close(); store.close()
        EmbeddedStore.open(store.state_dir / "other").close()
    """
    done = run(code, folder)
    assert done.returncode == 0
    assert done.stdout.startswith("StoreError This process has the database")


def test_what_kills_the_engine_never_reaches_it(database: Mapping[str, str]) -> None:
    """Each of these, given to the bare engine, ends the process with a signal."""
    code = """
        import json
        from dataclasses import replace
        import numpy as np
        from rag.errors import TridentError
        from rag.store.base import FieldType
        from rag.store.filters import And, Compare, Comparison, In, Not, Or
        fields = {"n": FieldType.INTEGER, "s": FieldType.STRING}
        store.create_collection(spec("c", fields))
        low, high = Compare("n", Comparison.LT, 9), Compare("n", Comparison.GT, 2)
        same = Compare("s", Comparison.EQ, "x")
        deep = low
        for _ in range(100_000):
            deep = Not(deep)
        good = document("good", "some words")
        none = np.zeros((0, TOKEN_DIM), np.float32)
        bare = replace(encoding(1), tokens=none, sparse=sparse({}))
        far = replace(encoding(1), sparse=sparse({40_000: 1.0}))
        huge = replace(encoding(1), tokens=np.ones((70_000, TOKEN_DIM), np.float32))
        attempts = {
            "filter n in ()": lambda: store.search("c", query(where=In("position", ()))),
            "not in ()": lambda: store.search("c", query(where=Not(In("doc_id", ())))),
            "or of nothing": lambda: store.search("c", query(where=Or(()))),
            "three conditions on two indexes":
                lambda: store.search("c", query(where=And((low, same, high)))),
            "any of three on two indexes":
                lambda: store.search("c", query(where=Or((low, same, high)))),
            "endless nesting": lambda: store.search("c", query(where=deep)),
            "an index beyond the column": lambda: store.write(
                "c", [DocumentRows("far", "1", "", (row("far", encoded=far),))]),
            "too many token rows": lambda: store.write(
                "c", [DocumentRows("huge", "1", "", (row("huge", encoded=huge),))]),
            "an empty tensor": lambda: store.write(
                "c", [DocumentRows("bare", "1", "", (row("bare", encoded=bare),))]),
            "an empty tensor as question": lambda: store.search("c", query(encoded=bare)),
            "deleting nothing": lambda: store.delete("c", []),
        }
        store.write("c", [good])
        outcome = {}
        for name, attempt in attempts.items():
            try:
                attempt()
                outcome[name] = "harmless"
            except TridentError as error:
                outcome[name] = type(error).__name__
        store.wait_until_searchable("c", 30)
        outcome["alive"] = len(store.search("c", query()))
        print(json.dumps(outcome))
    """
    done = run(code, database)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome.pop("an index beyond the column") == "RowError"
    assert outcome.pop("too many token rows") == "RowError"
    assert outcome.pop("endless nesting") == "FilterError"
    assert outcome.pop("alive") == 2
    assert set(outcome.values()) == {"harmless"}


WRITE_AND_DIE = """
    import os
    from rag.store import engine_store, recovery
    store.create_collection(spec("c"))
    store.write("c", [document("a", "old one", "old two"), document("b", "b")])
    victim = sys.stdin.readline().strip()

    def die(*_args, **_options):
        os.kill(os.getpid(), 9)

    if victim == "insert":
        whole = engine_store.insert_batches

        def half(spec, documents, *given, **options):
            from dataclasses import replace
            cut = [replace(d, rows=d.rows[:1]) for d in documents]
            yield from whole(spec, cut, *given, **options)
            die()

        engine_store.insert_batches = half
    elif victim == "delete":
        recovery._delete_rows = die
    else:
        type(store._catalog).commit = die
    store.write("c", [document("a", "new one", "new two", "new three", revision="2"),
                      document("n", "n one", "n two")])
"""
LOOK = """
    import json
    store.delete("c", ["nobody"])  # on a server, the next writer ends what a dead one left
    store.wait_until_searchable("c", 60)
    texts = sorted(h.chunk.text for h in store.search("c", query("old new one two three b n")))
    rows = {k: d.rows for k, d in store.documents("c").items()}
    store.write("c", [document("after", "after")])
    print(json.dumps([texts, rows, store.describe("c").rows]))
"""
OLD = (["b", "old one", "old two"], {"a": 2, "b": 1})
NEW = (
    ["b", "n one", "n two", "new one", "new three", "new two"],
    {"a": 3, "b": 1, "n": 2},
)


@pytest.mark.parametrize(
    ("victim", "expected"),
    [
        pytest.param("insert", OLD, id="half of the rows inserted: back to the old"),
        pytest.param("delete", NEW, id="all inserted, old not deleted: on to the new"),
        pytest.param("commit", NEW, id="old deleted, not committed: on to the new"),
    ],
)
def test_a_write_killed_midway_leaves_the_old_or_the_new_and_never_both(
    database: Mapping[str, str], victim: str, expected: tuple[list[str], dict[str, int]]
) -> None:
    process = begin(WRITE_AND_DIE, database)
    process.communicate(f"{victim}\n", timeout=60)
    assert process.returncode == -signal.SIGKILL
    done = run(LOOK, database)
    assert done.returncode == 0, done.stderr
    texts, rows, total = json.loads(done.stdout)
    assert (texts, rows) == expected
    assert total == sum(rows.values()) + 1
