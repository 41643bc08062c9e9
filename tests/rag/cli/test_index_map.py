from __future__ import annotations

import pytest

from rag.cli.index import parse_map
from rag.errors import InputError, SettingsError
from rag.settings import load_settings


def test_a_mapping_names_the_fields_of_records() -> None:
    mapping = parse_map("text=body, id=key")
    assert mapping == {"text": "body", "id": "key"}
    assert load_settings({"parse": {"map": mapping}}).parse.map == mapping
    assert parse_map(None) == {}


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(InputError, match="text=FIELD"):
        parse_map("body")


@pytest.mark.parametrize("mapping", ["words=body", "text="])
def test_a_mapping_of_unknown_or_empty_names_is_refused(mapping: str) -> None:
    with pytest.raises(SettingsError, match=r"parse\.map"):
        load_settings({"parse": {"map": parse_map(mapping)}})
