"""`trident demo`: the Python language reference, indexed and asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.ask import print_answer
from rag.cli.index import print_report
from rag.cli.options import settings_from
from rag.cli.output import stdout
from rag.cli.progress import index_progress

if TYPE_CHECKING:
    from rag.service import Rag

COLLECTION = "python"
QUESTIONS = (
    "How can a class control what happens when one of its attributes is missing?",
    "What does the with statement do when the block raises an exception?",
    "Which operator binds more tightly, exponentiation or unary minus?",
)


def demo(
    folder: Annotated[Path, typer.Option(help="Where corpus and database go.")] = Path(
        "trident-demo"
    ),
) -> None:
    """Index the Python language reference and ask it three questions."""
    from rag.service import Rag

    corpus, store = folder / "corpus", folder / "store"
    with Rag.open(settings_from(store, COLLECTION)) as rag:
        fill(rag, corpus)
        for question in QUESTIONS:
            stdout.print(f"\n{question}", style="bold", markup=False)
            print_answer(rag.ask(question))
    stdout.print("\nAsk more:", markup=False)
    stdout.print(f'  trident ask "…" -c {COLLECTION} --store {store}', markup=False)


def fill(rag: Rag, corpus: Path) -> None:
    """Write the corpus out and index it; quick when that was done before."""
    from indexers.demo import write_demo_corpus
    from indexers.options import IndexOptions
    from indexers.pipeline import index_paths

    write_demo_corpus(corpus)
    options = IndexOptions(chunk=rag.settings.chunk, relative_to=corpus.absolute())
    with index_progress() as progress:
        report = index_paths(
            [corpus], COLLECTION, rag.store, rag.encoder, options=options, progress=progress
        )
    print_report(report)
