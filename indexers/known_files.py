"""Files that are in the store as they are, and need not be parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexers.items import FinishedSource
    from indexers.repeats import RepeatCheck
    from indexers.run import Run
    from indexers.sources import SourceFile


class KnownFiles:
    """Compares files with the manifest, and what that says with the store."""

    def __init__(self, run: Run, repeats: RepeatCheck) -> None:
        self._run = run
        self._repeats = repeats

    def documents(self, file: SourceFile, outcome: FinishedSource) -> list[str] | None:
        """The documents of a file that is unchanged, else None.

        Notes in `outcome` how the file is told from what it may become. A file that has
        changed is forgotten: a run that dies from here on must not leave a record of what
        was there before. Raises: OSError.
        """
        known = self._recorded(file, outcome)
        if known is not None and self._all_stored(known, outcome.source):
            return known
        outcome.fingerprint = outcome.fingerprint or self._run.recipe.fingerprint(file)
        self._run.manifest.forget(outcome.source)
        return None

    def _recorded(self, file: SourceFile, outcome: FinishedSource) -> list[str] | None:
        """What the manifest says, by the file's stamp, else by its content."""
        recipe, manifest = self._run.recipe, self._run.manifest
        outcome.stamp = recipe.stamp(file)
        known = manifest.stamped(outcome.source, outcome.stamp)
        if known is not None:
            return known
        outcome.fingerprint = recipe.fingerprint(file)
        known = manifest.documents(outcome.source, outcome.fingerprint)
        if known is not None and outcome.stamp:
            manifest.stamp(outcome.source, outcome.stamp)
        return known

    def _all_stored(self, doc_ids: Iterable[str], source: str) -> bool:
        found = (self._run.stored.get(doc_id) for doc_id in doc_ids)
        return all(
            document is not None and document.source == source and self._repeats.knows(document)
            for document in found
        )
