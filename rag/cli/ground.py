"""`trident ground`: check an answer from anywhere against the passages that it was made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, print_notices, stdout
from rag.errors import SourceError

if TYPE_CHECKING:
    from rag.types import Grounding, Verdict

ContextOption = Annotated[
    list[Path], typer.Option("--context", help="Text file of a passage; repeatable.")
]
AnswerOption = Annotated[Path, typer.Option("--answer", help="Text file of the answer.")]
QuestionOption = Annotated[str, typer.Option("--question", help="What the answer answers.")]


def ground(
    context: ContextOption,
    answer: AnswerOption,
    question: QuestionOption = "",
    as_json: JsonOption = False,
) -> None:
    """Check every claim of an answer against its passages."""
    from rag.encoders.loading import load_encoder
    from rag.generate.asking import prompted
    from rag.generate.registry import load_language_model
    from rag.ground.checker import need_language_model
    from rag.ground.ground import load_grounder
    from rag.ground.passages import as_chunks

    passages, text = as_chunks([_read(path) for path in context]), _read(answer)
    settings = settings_from()
    encoder = load_encoder(settings.encoder)
    needed = need_language_model(settings.ground.checkers)
    model = load_language_model(settings.generator) if needed else None
    asker = prompted(model) if model else None
    grounder = load_grounder(settings.ground, settings.encoder, encoder, asker)
    grounding = grounder.ground(text, passages, question)
    if model is not None:
        model.close()
    print_notices(grounding.notices)
    if as_json:
        print_json(grounding)
        return
    print_grounding(grounding)


def print_grounding(grounding: Grounding) -> None:
    """Verdicts for a person to read."""
    for verdict in grounding.verdicts:
        _print_verdict(verdict)
    stdout.print(DECISIONS[grounding.grounded], markup=False)


DECISIONS = {
    True: "Grounded: every claim is supported.",
    False: "Not grounded: not every claim is supported.",
    None: "Undecided: nothing was, or could be, checked.",
}


def _print_verdict(verdict: Verdict) -> None:
    score = "" if verdict.score is None else f" {verdict.score:.2f}"
    claim = " ".join(verdict.claim.text.split())
    stdout.print(f"{verdict.label}{score}: {claim}", markup=False)
    for span in verdict.unsupported:
        stdout.print(f"  {span.text!r}: {span.reason}", markup=False)
    for evidence in verdict.evidence[:1]:
        quote, place = " ".join(evidence.quote.split()), f"[{evidence.start}:{evidence.end}]"
        stdout.print(f"  {evidence.doc_id} {place}: {quote}", markup=False, style="dim")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}; check the path.") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text; convert it first.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
