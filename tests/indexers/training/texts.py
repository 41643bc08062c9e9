"""A handful of articles as training data, small enough for the real model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexers.training.passages import Passages

if TYPE_CHECKING:
    from pathlib import Path

ANIMALS = ("bees", "cats", "owls", "ants", "bats", "cows", "elks", "hens", "rams", "newts")
PASSAGES = Passages(
    texts=tuple(
        f"The {animal} of valley {place} gather before the sun has come up. They eat well there."
        for animal in ANIMALS
        for place in range(5)
    ),
    groups=tuple(animal for animal in ANIMALS for _ in range(5)),
)


def write_pairs(path: Path) -> Path:
    """Every passage with one question."""
    lines = [
        json.dumps({"title": group, "paragraph": text, "questions": [f"When do {group} gather?"]})
        for group, text in zip(PASSAGES.groups, PASSAGES.texts, strict=True)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
