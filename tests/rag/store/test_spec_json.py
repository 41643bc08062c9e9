from __future__ import annotations

from rag.store.base import FieldType
from rag.store.spec_json import dump_spec, load_spec
from tests.rag.store.rows import spec


def test_a_spec_survives_the_round_trip() -> None:
    fields = {"z": FieldType.BOOLEAN, "a": FieldType.FLOAT}
    loaded = load_spec(dump_spec(spec("Name", fields)))
    assert loaded == spec("Name", fields)
    assert list(loaded.fields) == ["z", "a"]  # the order numbers the columns
