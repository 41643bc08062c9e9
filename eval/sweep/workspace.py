"""The folder of one evaluation: what lies where, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.files import read_json, write_json
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that holds everything of an evaluation, so that it can go on after a kill."""

    root: Path

    @property
    def corpus(self) -> Path:
        """The documents as they are indexed, one JSON object a line."""
        return self.root / "corpus.jsonl"

    @property
    def store(self) -> Path:
        """The database."""
        return self.root / "store"

    @property
    def questions(self) -> Path:
        """The encoded questions."""
        return self.root / "questions.npz"

    @property
    def qrels(self) -> Path:
        """The judgements in use, for trec_eval."""
        return self.root / "qrels.trec"

    @property
    def per_query(self) -> Path:
        """The first measure by question and configuration."""
        return self.root / "per_query.tsv"

    def run(self, name: str) -> Path:
        """The TREC run file of a configuration."""
        return self.root / "runs" / f"{name}.trec"

    def record(self, name: str) -> Path:
        """What is known of a run besides its rankings; there when the run is finished."""
        return self.root / "runs" / f"{name}.json"

    def collection(self, name: str) -> Path:
        """What is known of a collection; there when all documents are in it."""
        return self.root / "collections" / f"{name}.json"

    def report(self, suffix: str) -> Path:
        """The report as `json`, `md` or `html`."""
        return self.root / f"report.{suffix}"

    def claim(self, experiment: Mapping[str, Any]) -> None:
        """Make the folder that of an experiment: all that its figures depend on.

        Raises: InputError when it is that of another one, whose runs would get mixed up.
        """
        path = self.root / "experiment.json"
        there = read_json(path)
        if there is None:
            write_json(path, dict(experiment))
        elif there != experiment:
            differing = [key for key in experiment if there.get(key) != experiment[key]]
            raise InputError(
                f"{self.root} holds an evaluation with another {' and '.join(differing)}; "
                "choose another folder."
            )
