from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.demo import to_markdown, write_demo_corpus
from indexers.parse.base import ParsedDocument
from indexers.parse.markdown import parse_markdown

if TYPE_CHECKING:
    from pathlib import Path


def test_every_topic_is_a_document_with_a_clean_title(tmp_path: Path) -> None:
    paths = write_demo_corpus(tmp_path)
    assert len(paths) > 70
    assert sorted(paths) == sorted(tmp_path.iterdir())
    documents = [document for path in paths for document in parse_markdown(path)]
    titles = {document.title for document in documents if isinstance(document, ParsedDocument)}
    assert 'The "with" statement' in titles
    assert len(titles) == len(paths)
    assert not any(title.strip("*=#") != title for title in titles)


def test_no_text_is_written_twice_under_two_names(tmp_path: Path) -> None:
    names = {path.stem for path in write_demo_corpus(tmp_path)}
    assert "if" in names
    assert "else" not in names


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in write_demo_corpus(tmp_path)}
    (tmp_path / "if.md").write_text("changed")
    paths = write_demo_corpus(tmp_path)
    changed = [path.name for path in paths if path.stat().st_mtime_ns != before[path]]
    assert changed == ["if.md"]


def test_headings_and_code_become_markdown() -> None:
    text = "Title\n*****\n\nPart\n====\n\nText:\n\n   # code\n   x = 1\n"
    assert to_markdown(text) == "# Title\n\n## Part\n\nText:\n\n    # code\n    x = 1\n"
