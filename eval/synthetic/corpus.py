"""Files of generated text, as many chunks as one asks for, written in little memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from eval.synthetic.rows import CHUNKS_PER_DOCUMENT, VOCABULARY, word
from eval.synthetic.zipf import zipf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Words: TypeAlias = npt.NDArray[np.object_]

# A paragraph fills a chunk of the default size: another one does not fit in beside it.
SENTENCE_WORDS, PARAGRAPH_SENTENCES = 18, 7
DOCUMENTS_PER_FILE = 100
STREAM = 11


def write_corpus(folder: Path, chunks: int) -> list[Path]:
    """Write JSONL files that make about `chunks` chunks; the same ones at every call."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = np.array([word(number) for number in range(VOCABULARY)], dtype=object)
    documents = max(1, chunks // CHUNKS_PER_DOCUMENT)
    paths = []
    for first in range(0, documents, DOCUMENTS_PER_FILE):
        path = folder / f"{first:08}.jsonl"
        numbers = range(first, min(first + DOCUMENTS_PER_FILE, documents))
        path.write_text("\n".join(_records(vocabulary, numbers)), encoding="utf-8")
        paths.append(path)
    return paths


def _records(vocabulary: Words, numbers: range) -> Iterator[str]:
    for number in numbers:
        rng = np.random.default_rng([STREAM, number])
        text = "\n\n".join(_paragraph(vocabulary, rng) for _ in range(CHUNKS_PER_DOCUMENT))
        yield json.dumps({"id": f"d{number}", "title": f"Document {number}", "text": text})


def _paragraph(vocabulary: Words, rng: np.random.Generator) -> str:
    words = vocabulary[zipf(rng, SENTENCE_WORDS * PARAGRAPH_SENTENCES, VOCABULARY)]
    sentences = words.reshape(PARAGRAPH_SENTENCES, SENTENCE_WORDS).tolist()
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
