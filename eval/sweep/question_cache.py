"""Questions, encoded once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from eval.files import part_of
from eval.progress import silent
from eval.sweep.encoding_arrays import pack_encodings, unpack_encodings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from eval.data.datasets import Question
    from eval.progress import StepProgress
    from eval.sweep.encoding_arrays import AnyArray
    from rag.encoders.base import Encoder
    from rag.types import Encoding


@dataclass(frozen=True, slots=True)
class EncodedQuestions:
    """Encodings in the order of the questions, and the milliseconds that each took."""

    encodings: tuple[Encoding, ...]
    milliseconds: tuple[float, ...]


def provide_encodings(
    path: Path, questions: Sequence[Question], encoder: Encoder, progress: StepProgress = silent
) -> EncodedQuestions:
    """The encodings that `path` holds, or made now and put there.

    They are made anew when the questions or the encoder are others.
    """
    key = _key(questions, encoder)
    if path.exists():
        with np.load(path) as arrays:
            if str(arrays["key"]) == key:
                return _unpack(arrays)
    encoded = _encode(questions, encoder, progress)
    path.parent.mkdir(parents=True, exist_ok=True)
    with part_of(path).open("wb") as file:
        np.savez(file, key=np.array(key), **_pack(encoded))
    os.replace(part_of(path), path)
    return encoded


def read_encodings(path: Path) -> tuple[Encoding, ...]:
    """What `provide_encodings` put there."""
    with np.load(path) as arrays:
        return unpack_encodings(arrays)


def _encode(
    questions: Sequence[Question], encoder: Encoder, progress: StepProgress
) -> EncodedQuestions:
    """One by one, as they would come from people: that is what the time is for."""
    encodings, milliseconds = [], []
    encoder.encode_question(questions[0].text)  # the first pass also sets the models up
    progress("encode questions", 0, len(questions))
    for done, question in enumerate(questions, 1):
        started = perf_counter()
        encodings.append(encoder.encode_question(question.text))
        milliseconds.append(1e3 * (perf_counter() - started))
        progress("encode questions", done, len(questions))
    return EncodedQuestions(tuple(encodings), tuple(milliseconds))


def _key(questions: Sequence[Question], encoder: Encoder) -> str:
    parts = [encoder.info.identity, [(question.id, question.text) for question in questions]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _pack(encoded: EncodedQuestions) -> dict[str, AnyArray]:
    return {
        "milliseconds": np.array(encoded.milliseconds),
        **pack_encodings(encoded.encodings),
    }


def _unpack(arrays: Mapping[str, AnyArray]) -> EncodedQuestions:
    return EncodedQuestions(unpack_encodings(arrays), tuple(arrays["milliseconds"].tolist()))
