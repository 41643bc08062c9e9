"""The examples of docs/service.md do what it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

PAGE = Path(__file__).parents[2] / "docs" / "service.md"
TESTED_BLOCK = re.compile(r"<!-- A test runs this block. -->\n```python\n(.*?)```", re.DOTALL)
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


def examples() -> list[ParameterSet]:
    """Each block under its section's name."""
    _, *parts = SECTION.split(PAGE.read_text())
    return [
        pytest.param(code, id=name)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
        for code in TESTED_BLOCK.findall(text)
    ]


@pytest.mark.parametrize("code", examples())
def test_the_example_runs_and_finds_what_causes_the_tides(
    code: str, live_url: str, corpus: str
) -> None:
    here = code.replace("http://127.0.0.1:8100", live_url).replace("handbook", corpus)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(here, {})
    assert re.search(r"Moon|'index': 1", printed.getvalue())
