"""How often the policy `correct` mends an answer that is wrong, and spoils one that is right.

A scripted model writes an answer with a known error and, asked again for that sentence, offers
the right one among wrong ones; so the figures are of the checks and of the backtracking, not of a
language model.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from eval.grounding.correction_set import correction_cases
from eval.grounding.metrics import bootstrap
from eval.grounding.scripted_writer import ScriptedWriter
from eval.progress import silent
from eval.stats import environment
from rag.encoders.loading import load_encoder
from rag.errors import InputError
from rag.generate.answering import answering, last_answer
from rag.generate.base import AnswerTask, Standalone
from rag.generate.chat import ChatGenerator
from rag.generate.review import Review
from rag.ground.ground import load_grounder
from rag.ground.passages import as_chunks
from rag.ground.policy.correct import normalised
from rag.settings import AnswerSettings, GeneratorSettings
from rag.types import GroundPolicy, Passage, SearchResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eval.grounding.correction_set import CorrectionCase
    from eval.grounding.metrics import Interval
    from eval.progress import StepProgress
    from eval.stats import Environment
    from rag.encoders.base import Encoder
    from rag.settings import Settings

QUESTION = "What does the passage say?"


class Result(StrEnum):
    """What became of an answer with an error."""

    MENDED = "mended"  # the right sentence stands where the wrong one was
    LEFT_OUT = "left out"  # the wrong sentence is gone, nothing stands for it
    STILL_WRONG = "still wrong"  # another wrong sentence stands there
    MISSED = "missed"  # it is as it was


@dataclass(frozen=True, slots=True)
class CorrectionReport:
    """Shares with their 95 % bootstrap intervals; `results` counts the wrong answers."""

    environment: Environment
    encoder: str
    pairs: int
    mended: Interval
    altered: Interval
    results: Mapping[Result, int]


def run(
    passages: Path, pairs: int, settings: Settings, progress: StepProgress = silent
) -> CorrectionReport:
    """Both versions of each answer. Raises: SourceError, InputError for no usable passage."""
    cases = correction_cases(passages, pairs)
    if not cases:
        raise InputError("No passage has a fact to exchange between other sentences; give more.")
    encoder = load_encoder(settings.encoder)
    ground = settings.ground.model_copy(update={"policy": GroundPolicy.CORRECT})
    review = Review(load_grounder(ground, settings.encoder, encoder), GroundPolicy.CORRECT)
    results: list[Result] = []
    altered: list[bool] = []
    for done, case in enumerate(cases, 1):
        results.append(_result(case, _final(case, encoder, review, right=False)))
        final = _final(case, encoder, review, right=True)
        altered.append(normalised(final) != normalised(case.answer(right=True)))
        progress("correct", done, len(cases))
    mended = np.array([result is Result.MENDED for result in results])
    changed = np.array(altered)
    return CorrectionReport(
        environment=environment(),
        encoder=encoder.info.identity,
        pairs=len(cases),
        mended=bootstrap(lambda rows: float(mended[rows].mean()), len(cases)),
        altered=bootstrap(lambda rows: float(changed[rows].mean()), len(cases)),
        results={result: results.count(result) for result in Result},
    )


def table(report: CorrectionReport) -> str:
    """Lines for a person to read."""
    counts = ", ".join(f"{count} {result}" for result, count in report.results.items())
    return "\n".join(
        (
            f"{report.pairs} wrong answers: {_share(report.mended)} mended ({counts})",
            f"{report.pairs} right answers: {_share(report.altered)} altered",
        )
    )


def _final(case: CorrectionCase, encoder: Encoder, review: Review, *, right: bool) -> str:
    """The answer after the policy."""
    writer = ScriptedWriter(case.answer(right=right), case.offered, case.after)
    generator = ChatGenerator(GeneratorSettings(), encoder, writer)
    (chunk,) = as_chunks(case.passage)
    found = SearchResult(QUESTION, "passages", (Passage(1, 1.0, None, chunk),), (), {})
    task = AnswerTask(found, encoder.encode_question(QUESTION).tokens, AnswerSettings())
    return last_answer(answering(generator, task, Standalone(QUESTION), review)).text


def _result(case: CorrectionCase, final: str) -> Result:
    words = f" {normalised(final)} "
    if f" {normalised(case.wrong)} " in words:
        return Result.MISSED
    if f" {normalised(case.right)} " in words:
        return Result.MENDED
    around = normalised(f"{case.before} {case.after}")
    return Result.LEFT_OUT if words.strip() in around else Result.STILL_WRONG


def _share(share: Interval) -> str:
    return f"{share.value:.1%} [{share.low:.1%}, {share.high:.1%}]"
