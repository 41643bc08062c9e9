from __future__ import annotations

import json
from dataclasses import replace

from rag.store.base import FieldType
from rag.store.spec_json import dump_spec, load_spec
from rag.types import ChunkContext, Layout
from tests.rag.store.rows import spec


def test_a_spec_survives_the_round_trip() -> None:
    fields = {"z": FieldType.BOOLEAN, "a": FieldType.FLOAT}
    loaded = load_spec(dump_spec(spec("Name", fields)))
    assert loaded == spec("Name", fields)
    assert list(loaded.fields) == ["z", "a"]  # the order numbers the columns


def test_a_spec_of_a_time_without_layouts_is_one_of_plain_rows() -> None:
    old = json.loads(dump_spec(spec("Name")))
    del old["layout"]
    assert load_spec(json.dumps(old)).layout == Layout()


def test_a_layout_that_does_not_say_what_was_encoded_above_has_title_and_section() -> None:
    chosen = replace(spec("Name"), layout=Layout(context=ChunkContext.NONE))
    assert load_spec(dump_spec(chosen)) == chosen
    old = json.loads(dump_spec(chosen))
    del old["layout"]["context"]
    assert load_spec(json.dumps(old)).layout.context is ChunkContext.TITLE_SECTION


def test_a_spec_that_does_not_say_how_words_were_cut_is_of_the_first_way() -> None:
    old = json.loads(dump_spec(spec("Name")))
    del old["words"]
    assert load_spec(json.dumps(old)).words == 1
