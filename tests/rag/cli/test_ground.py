"""`trident ground` checks an answer from two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.corpus import TEXTS
from tests.rag.cli.command import trident, trident_json

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, answer: str) -> list[str]:
    (folder / "context.txt").write_text(TEXTS["volcano"], encoding="utf-8")
    (folder / "answer.txt").write_text(answer, encoding="utf-8")
    return ["--context", str(folder / "context.txt"), "--answer", str(folder / "answer.txt")]


def test_verdicts_are_printed_and_given_as_json(tmp_path: Path) -> None:
    files = write(tmp_path, "Hello! Mount Etna erupted again in 1669 [1].")
    found = trident_json("ground", *files, store=tmp_path / "store")
    assert [verdict["label"] for verdict in found["verdicts"]] == ["not_checkable", "contradicted"]
    assert found["grounded"] is False
    assert "1669" in [span["text"] for span in found["verdicts"][1]["unsupported"]]
    shown = trident("ground", *files, store=tmp_path / "store").stdout
    assert "contradicted" in shown
    assert "Not grounded" in shown


def test_files_that_cannot_be_read_are_bad_input(tmp_path: Path) -> None:
    files = write(tmp_path, "Etna erupted.")
    (tmp_path / "context.txt").write_bytes(b"\xff\xfe\xff")
    assert "not UTF-8" in trident("ground", *files, store=tmp_path, code=2).stderr
    (tmp_path / "context.txt").unlink()
    assert "no file" in trident("ground", *files, store=tmp_path, code=2).stderr
