"""The repair is still needed, and does what the SDK was written for."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import sqlglot

from rag.store.sqlglot_repair import repair_sqlglot

if TYPE_CHECKING:
    from rag.store.embedded import EmbeddedStore


def test_canary_sqlglot_still_lacks_what_the_sdk_uses() -> None:
    """When this fails, upstream has mended it: delete the repair."""
    code = "from sqlglot.expressions import Expression; print(hasattr(Expression, 'hashable_args'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_children_come_in_the_order_of_the_operator() -> None:
    repair_sqlglot()
    tree = sqlglot.condition("position < 3")
    assert [child.sql() for child in tree.hashable_args] == ["position", "3"]


def test_the_engine_counts_and_filters_through_the_repaired_parser(store: EmbeddedStore) -> None:
    """Fails when a release of sqlglot breaks the SDK in a new way."""
    table = store._engine.database.create_table("canary", {"n": {"type": "int64"}})
    table.insert([{"n": n} for n in range(-5, 5)])
    assert store._engine.count("canary", "n < -1 or not (n <> 3)") == 5
    assert store._engine.count("canary", "n in (1, 2)") == 2
    store._engine.database.drop_table("canary")


def test_repairing_twice_wraps_once() -> None:
    from infinity_embedded.local_infinity import query_builder

    repair_sqlglot()
    once = query_builder.maybe_parse
    repair_sqlglot()
    assert query_builder.maybe_parse is once
