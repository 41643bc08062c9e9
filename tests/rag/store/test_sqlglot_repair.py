"""The repair is still needed, and does what the SDK was written for."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import sqlglot

from rag.store.engine import count_rows
from rag.store.recovery import drop
from rag.store.sqlglot_repair import repair_sqlglot

if TYPE_CHECKING:
    from rag.store.engine_store import EngineStore


def test_canary_sqlglot_still_lacks_what_the_sdk_uses() -> None:
    """When this fails, upstream has mended it: delete the repair."""
    code = "from sqlglot.expressions import Expression; print(hasattr(Expression, 'hashable_args'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_children_come_in_the_order_of_the_operator() -> None:
    repair_sqlglot()
    tree = sqlglot.condition("position < 3")
    assert [child.sql() for child in tree.hashable_args] == ["position", "3"]


def test_both_sdks_count_and_filter_through_the_parser(store: EngineStore) -> None:
    """Fails when a release of sqlglot breaks an SDK in a new way."""

    def make(database: Any) -> None:
        table = database.create_table("canary", {"n": {"type": "int64"}})
        table.insert([{"n": n} for n in range(-5, 5)])

    store._engine.call("make a table", make)
    assert count_rows(store._engine, "canary", "n < -1 or not (n <> 3)") == 5
    assert count_rows(store._engine, "canary", "n in (1, 2)") == 2
    drop(store._engine, "canary")


def test_repairing_twice_wraps_once() -> None:
    from infinity_embedded.local_infinity import query_builder

    repair_sqlglot()
    once = query_builder.maybe_parse
    repair_sqlglot()
    assert query_builder.maybe_parse is once
