"""A file's name is data: whatever it is, it becomes no path."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.jobs.names import LONGEST_NAME, clean_name, known_suffix

NAMES = st.text(st.characters(), max_size=300) | st.lists(
    st.sampled_from(["..", ".", "/", "\\", "\0", "COM1", "a", "é", "\u202e", " ", "\ud800", ".txt"])
).map("".join)


@given(NAMES)
@example("../../x")
@example("x\0.txt")
@example("x" * 5000 + ".tar.gz")
@example("COM1")
@example("..")
@example("C:\\Windows\\x.txt")
def test_a_clean_name_is_one_visible_part_of_a_path(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert clean not in (".", "..")
    assert PurePosixPath(clean).name == PureWindowsPath(clean).name == clean
    assert clean.isprintable()
    clean.encode()


@given(NAMES)
def test_cleaning_twice_changes_nothing(name: str) -> None:
    assert clean_name(clean_name(name)) == clean_name(name)


@given(NAMES)
def test_a_suffix_is_one_that_a_parser_reads(name: str) -> None:
    suffix = known_suffix(clean_name(name))
    assert suffix == "" or (suffix.startswith(".") and suffix.replace(".", "").isalnum())
    assert clean_name(name).lower().endswith(suffix)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("Jahr  2024 \t Mai.md", "Jahr 2024 Mai.md"),
        ("folder/inner/readme", "readme"),
        (".bashrc", "bashrc"),
        ("", "unnamed"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_a_decent_name_stays_as_it_is(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.TXT", ".txt"),
        ("report.v2.pdf", ".pdf"),
        ("src.tar.gz", ".tar.gz"),
        ("notes.md.gz", ".md.gz"),
        ("a.exe", ""),
        ("readme", ""),
    ],
)
def test_the_suffix_that_tells_how_to_read_it_stays(name: str, suffix: str) -> None:
    assert known_suffix(name) == suffix
