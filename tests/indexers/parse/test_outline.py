from __future__ import annotations

from indexers.parse.outline import HeadingPath, outline

TEXT = "Title\n=====\nx\n## **Use** ##\ny\n### Deep\nz\n# Next\n"


def test_headings_of_a_text_become_paths() -> None:
    starts = [TEXT.index(mark) for mark in ("Title", "## **", "### ", "# Next")]
    assert [(place.start, place.section) for place in outline(TEXT, starts)] == list(
        zip(starts, ["Title", "Title > Use", "Title > Use > Deep", "Next"], strict=True)
    )


def test_a_section_that_does_not_begin_with_a_heading_has_no_place() -> None:
    assert outline("plain text", [0]) == ()


def test_a_level_that_is_skipped_and_an_empty_heading_do_no_harm() -> None:
    path = HeadingPath()
    assert path.enter(3, "deep") == "deep"
    assert path.enter(1, " ") == ""
    assert path.enter(2, "next") == "next"
