"""`trident eval abstention` and `trident eval correction`: what policies do to answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, stdout
from rag.cli.progress import step_progress
from rag.cli.sweep_options import LimitDocsOption, LimitQueriesOption

PassagesOption = Annotated[
    Path, typer.Option("--passages", help="JSONL of {paragraph|text, title?}.")
]
PairsOption = Annotated[int, typer.Option(min=10, help="Right and wrong answers, so many of each.")]


def abstention(
    corpus: Annotated[Path, typer.Option(help="JSONL of {docid|_id|id, title?, text}.")],
    queries: Annotated[Path, typer.Option(help="JSONL of {query_id|_id|id, query|text}.")],
    qrels: Annotated[Path, typer.Option(help="TSV of query, document and relevance.")],
    limit_docs: LimitDocsOption = None,
    limit_queries: LimitQueriesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Questions about documents that are held out beside questions about those that are not."""
    from eval.data.formats import read_files
    from eval.data.selection import Limits
    from eval.grounding import abstention as evaluation

    dataset = read_files(corpus, queries, qrels)
    limits = Limits(limit_docs, limit_queries)
    with step_progress() as progress:
        report = evaluation.run(dataset, settings_from(), limits, progress)
    if as_json:
        print_json(report)
    else:
        stdout.print(evaluation.table(report), markup=False)


def correction(
    passages: PassagesOption, pairs: PairsOption = 200, as_json: JsonOption = False
) -> None:
    """The policy correct, on answers of a scripted model that errs at a known sentence."""
    from eval.grounding import correction as evaluation

    with step_progress() as progress:
        report = evaluation.run(passages, pairs, settings_from(), progress)
    if as_json:
        print_json(report)
    else:
        stdout.print(evaluation.table(report), markup=False)
