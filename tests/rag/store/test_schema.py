from __future__ import annotations

import pytest

from rag.errors import InputError
from rag.store.base import FieldType
from rag.store.schema import check_spec, columns, filterable, indexes
from tests.rag.store.rows import DENSE_DIM, SPARSE_DIM, TOKEN_DIM, spec

FIELDS = {"Year": FieldType.INTEGER, "year": FieldType.FLOAT, "select": FieldType.STRING}


@pytest.mark.parametrize("name", ["a", "A-b_9", "x" * 63])
def test_plain_names_are_accepted(name: str) -> None:
    check_spec(spec(name, {name: FieldType.STRING}))


@pytest.mark.parametrize("name", ["", "9a", "_a", "a b", "a.b", "a;b", "é", "x" * 64, "a\n"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="name of a collection"):
        check_spec(spec(name))
    with pytest.raises(InputError, match="name of a field"):
        check_spec(spec("a", {name: FieldType.STRING}))


def test_a_field_may_not_hide_one_that_every_collection_has() -> None:
    with pytest.raises(InputError, match="title"):
        check_spec(spec("a", {"title": FieldType.STRING}))


def test_fields_that_differ_in_case_or_are_sql_words_have_columns_of_their_own() -> None:
    fields = filterable(spec("a", FIELDS))
    declared = {name: fields[name] for name in FIELDS}
    assert declared == {
        "Year": ("field_0", FieldType.INTEGER),
        "year": ("field_1", FieldType.FLOAT),
        "select": ("field_2", FieldType.STRING),
    }


def test_the_vector_columns_have_the_encoders_widths() -> None:
    types = columns(spec("a"))
    assert types["dense"] == f"vector,{DENSE_DIM},float"
    assert types["tokens"] == f"tensor,{TOKEN_DIM},float"
    # One index more, for rows without any term; never int16, which kills the engine.
    assert types["sparse"] == f"sparse,{SPARSE_DIM + 1},float,int"


def test_only_index_types_and_analyzers_that_do_not_kill_the_engine_are_built() -> None:
    built = indexes(spec("a", FIELDS))
    assert {index.kind for index in built} == {"Hnsw", "BMP", "FullText", "Secondary"}
    (fulltext,) = [index for index in built if index.kind == "FullText"]
    assert fulltext.options["ANALYZER"] == "standard"
