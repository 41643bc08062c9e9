"""Patterns of files to leave out, with the meaning that git gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = ".tridentignore"


class Ignored:
    """The patterns that hold below a folder: those given, and of each file on the way to it.

    As in git, the deepest file that says anything of a path decides, and its last line that
    does; patterns that were given come first of all.
    """

    def __init__(self, levels: tuple[tuple[Path, GitIgnoreSpec], ...] = ()):
        self._levels = levels

    @classmethod
    def given(cls, folder: Path, patterns: Iterable[str]) -> Ignored:
        """Patterns of the user for what is below `folder`. Raises: InputError."""
        lines = tuple(patterns)
        return cls(((folder, _spec(lines, "--ignore")),)) if lines else cls()

    def within(self, folder: Path) -> Ignored:
        """With those of the file in that folder, if there is one. Raises: OSError, InputError."""
        file = folder / FILE_NAME
        if not file.is_file():
            return self
        lines = file.read_text("utf-8", errors="replace").splitlines()
        return Ignored((*self._levels, (folder, _spec(lines, str(file)))))

    def __contains__(self, path: Path) -> bool:
        mark = "/" if path.is_dir() else ""
        for folder, spec in reversed(self._levels):
            verdict = spec.check_file(f"{path.relative_to(folder).as_posix()}{mark}").include
            if verdict is not None:
                return verdict
        return False


def _spec(lines: Iterable[str], where: str) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise InputError(f"A pattern of {where} cannot be read: {error}.") from error
