from __future__ import annotations

from typing import TYPE_CHECKING

from tests.indexers.parse.reading import read_one, sections_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
=====
Bees
=====

They dance.

The hive
--------

A home.

Castes
~~~~~~

Three.

The hive
--------

Again, with ``code`` and

.. note:: a note
"""


def test_the_text_is_the_file_and_titles_begin_its_sections(tmp_path: Path) -> None:
    path = tmp_path / "bees.rst"
    path.write_text(TEXT)
    document = read_one(path)
    assert document.text == TEXT
    assert document.title == "Bees"
    assert sections_of(document) == {
        "Bees": "Bees",
        "The hive": "Bees > The hive",
        "Castes": "Bees > The hive > Castes",
    }
    assert [document.text[start:].split("\n")[0] for start in document.sections] == [
        "Bees",
        "The hive",
        "Castes",
        "The hive",
    ]


def test_nothing_is_read_that_a_text_names(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret\n======\n\nhidden words")
    path = tmp_path / "a.rst"
    path.write_text(
        f"Title\n=====\n\n.. include:: {tmp_path}/secret.txt\n\n"
        f".. raw:: html\n   :file: {tmp_path}/secret.txt\n\n"
        f".. csv-table:: t\n   :file: {tmp_path}/secret.txt\n"
    )
    document = read_one(path)
    assert set(sections_of(document)) == {"Title"}
    assert "hidden words" not in document.text


def test_a_text_full_of_faults_is_read_without_a_word_about_them(
    tmp_path: Path, capfd: object
) -> None:
    path = tmp_path / "a.rst"
    path.write_text("Title\n==\n\n.. nonsense::\n\n`broken |here\n\n  * x\n *y\n")
    assert read_one(path).text.startswith("Title")
    assert capfd.readouterr() == ("", "")  # type: ignore[attr-defined]  # pytest's fixture
