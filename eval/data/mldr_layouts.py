"""The layouts in which MLDR is distributed, as data.

The release (Chen et al. 2024, BGE M3-Embedding, arXiv:2402.03216; Shitao/MLDR on the hub) has
gzipped JSON lines. The mirror of MTEB (Muennighoff et al. 2023, arXiv:2210.07316;
mteb/MultiLongDocRetrieval) has Parquet files, perhaps in several shards, and a copy of the
corpus for each split.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rag.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

SHARD = re.compile(r"-of-(\d+)\.")


class Split(StrEnum):
    """A part of MLDR's questions."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class MldrFiles:
    """What makes up one language and split; no `qrels`: the positive passages are."""

    corpus: tuple[Path, ...]
    questions: tuple[Path, ...]
    qrels: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Patterns of paths with `{language}` and `{split}`; `marker` is a folder that tells it.

    The questions of the splits in `judged_inside` have their judgements with them.
    """

    name: str
    marker: str
    corpus: str
    questions: str
    qrels: str
    judged_inside: frozenset[Split] = frozenset()

    def patterns(self, language: str, split: Split) -> tuple[str, ...]:
        """Of all files that are needed."""
        judged = () if split in self.judged_inside else (self.qrels,)
        needed = (self.corpus, self.questions, *judged)
        return tuple(pattern.format(language=language, split=split) for pattern in needed)

    def is_in(self, folder: Path, language: str) -> bool:
        """The folder is in this layout and has the language."""
        return (folder / self.marker.format(language=language)).is_dir()

    def files(self, folder: Path, language: str, split: Split) -> MldrFiles:
        """The files in the folder. Raises: SourceError for one that is not there."""
        found = [_matching(folder, pattern) for pattern in self.patterns(language, split)]
        return MldrFiles(found[0], found[1], found[2] if len(found) > 2 else ())


RELEASE = Layout(
    name="mldr-v1.0",
    marker="mldr-v1.0-{language}",
    corpus="mldr-v1.0-{language}/corpus.jsonl.gz",
    questions="mldr-v1.0-{language}/{split}.jsonl.gz",
    qrels="qrels/qrels.mldr-v1.0-{language}-{split}.tsv",
    judged_inside=frozenset({Split.TRAIN}),
)
MTEB = Layout(
    name="mteb",
    marker="{language}-corpus",
    corpus="{language}-corpus/{split}-*.parquet",
    questions="{language}-queries/{split}-*.parquet",
    qrels="{language}-qrels/{split}-*.parquet",
)
LAYOUTS = (RELEASE, MTEB)


def layout_of(folder: Path, language: str) -> Layout:
    """The layout that the folder has. Raises: SourceError."""
    for layout in LAYOUTS:
        if layout.is_in(folder, language):
            return layout
    markers = " or ".join(layout.marker.format(language=language) for layout in LAYOUTS)
    raise SourceError(f"{folder} has no folder {markers}, so it does not hold MLDR in {language}.")


def _matching(folder: Path, pattern: str) -> tuple[Path, ...]:
    paths = tuple(sorted(folder.glob(pattern)))
    if not paths:
        raise SourceError(f"There is no file {folder / pattern}; fetch it.")
    shards = SHARD.search(paths[0].name)
    if shards and len(paths) != int(shards[1]):
        raise SourceError(
            f"{folder / pattern} are {len(paths)} files instead of {int(shards[1])}; fetch "
            "the rest."
        )
    return paths
