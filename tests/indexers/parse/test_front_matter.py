"""Front matter becomes typed metadata; what cannot be read does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.parse.front_matter import MOST_CHARACTERS, FrontMatter, read_front_matter

if TYPE_CHECKING:
    from rag.types import MetadataValue


def read(yaml: str) -> FrontMatter:
    return read_front_matter(f"---\n{yaml}\n---\n# Heading\n")


def value(yaml: str) -> MetadataValue | None:
    """What a field with this value becomes."""
    return read(f"field: {yaml}").metadata.get("field")


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("words and more", "words and more"),
        ("2020", 2020),
        ("-1.5", -1.5),
        ("true", True),
        ("[news, 2020, true]", ["news", "2020", "true"]),
        ("\n  - news\n  - draft", ["news", "draft"]),
        ("[]", []),
        ("2024-05-31", "2024-05-31"),
        ("2024-05-31T12:30:00Z", "2024-05-31T12:30:00Z"),
        ("|\n  one\n  two", "one\ntwo\n"),
        ("'2020'", "2020"),
    ],
)
def test_fields_keep_their_types_and_dates_are_iso_text(yaml: str, expected: MetadataValue) -> None:
    found = value(yaml)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("text", ["no", "on", "12:30", "007", "0x1F", "1_000", ".inf"])
def test_what_only_old_yaml_takes_for_something_else_is_text(text: str) -> None:
    assert value(text) == text


def test_a_field_without_a_value_is_none() -> None:
    assert read("a:\nb: null\nc: ~\nd: x").metadata == {"d": "x"}


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("{name: Ada, born: 1815}", '{"name": "Ada", "born": 1815}'),
        ("[{name: Ada}]", ['{"name": "Ada"}']),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_what_no_field_can_hold_is_kept_as_json_text(yaml: str, expected: MetadataValue) -> None:
    assert value(yaml) == expected


def test_the_title_is_no_field() -> None:
    found = read("title:  Two   words\nyear: 2020")
    assert (found.title, found.metadata) == ("Two words", {"year": 2020})
    assert read("title: 1984").title == "1984"


@pytest.mark.parametrize(
    "yaml",
    [
        "title: one: two",
        "title: [open",
        'title: "open',
        "a: &a [x, x]\ntitle: *a",
        "title: !!python/object/apply:os.system ['true']",
        "title: !!timestamp never",
        "? [a]\n: b",
        "title: " + "[" * 5000,
        "title: " + "9" * 5000,
        "title: x\nlong: " + "y" * MOST_CHARACTERS,
        "# nothing but a comment",
    ],
    ids=lambda yaml: yaml[:30],
)
def test_what_cannot_be_read_gives_nothing_and_ends_where_it_ends(yaml: str) -> None:
    found = read(yaml)
    assert (found.title, found.metadata) == ("", {})
    assert found.end == len(f"---\n{yaml}\n---\n")


@pytest.mark.parametrize(
    "text", ["", "---\n", "---\ntitle: open\n", "Text\n---\na: b\n---\n", "---\nWords.\n---\n"]
)
def test_text_without_front_matter_begins_at_its_beginning(text: str) -> None:
    assert read_front_matter(text) == FrontMatter()


def test_what_is_no_text_is_taken_out() -> None:
    found = read('title: "a\\0b"\nx: "c\\0d"')
    assert (found.title, found.metadata) == ("ab", {"x": "cd"})


@given(st.text())
def test_no_text_is_too_strange(yaml: str) -> None:
    read(yaml)
