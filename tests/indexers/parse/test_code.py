from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.indexers.parse.reading import read_one

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {
    "a.py": (
        "import os\n\n# About A\n@dataclass\nclass A:\n    async def b(self):\n        pass\n\n"
        "def c(): pass\n",
        [("# About A", "A"), ("    async def b", "A > b"), ("def c", "c")],
    ),
    "a.c": (
        "#include <a.h>\n\n/* Adds. */\nstatic int add(int a, int b)\n{\n  if (a) {\n  }\n}\n\n"
        "struct point {\n  int x;\n};\n",
        [("/* Adds", "add"), ("struct point", "point")],
    ),
    "A.java": (
        "package a;\n\npublic final class A extends B {\n  public void run(int n) throws E {\n"
        "    for (;;) {}\n  }\n}\n",
        [("public final", "A"), ("  public void", "A > run")],
    ),
    "a.go": (
        "package a\n\ntype T struct {\n}\n\nfunc (t *T) Run(n int) error {\n}\n",
        [("type T", "T"), ("func (t", "Run")],
    ),
    "a.rs": (
        "/// Adds.\npub fn add(a: i32) -> i32 {\n}\n\nimpl Point {\n    fn new() -> Self {}\n}\n",
        [("/// Adds", "add"), ("impl Point", "Point"), ("    fn new", "Point > new")],
    ),
    "a.ts": (
        "export interface A {\n}\n\nexport const run = async (n: number) => {\n};\n",
        [("export interface", "A"), ("export const", "run")],
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_definitions_begin_sections_that_say_what_they_are_within(
    tmp_path: Path, name: str
) -> None:
    text, expected = SOURCES[name]
    (tmp_path / name).write_text(text)
    document = read_one(tmp_path / name)
    assert document.text == text
    assert document.title == name
    assert [place.section for place in document.places] == [path for _, path in expected]
    for place, (start, _) in zip(document.places, expected, strict=True):
        assert text.startswith(start, place.start)
    assert document.sections == tuple(place.start for place in document.places)


def test_the_language_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.SQL").write_text("create table bees (id int);")
    document = read_one(tmp_path / "a.SQL")
    assert document.metadata == {"language": "sql"}
    assert [place.section for place in document.places] == ["bees"]
