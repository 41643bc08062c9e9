"""`trident eval peers`: the same data through other engines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, stdout
from rag.cli.progress import step_progress


def peers(
    corpus: Annotated[Path, typer.Option(help="JSONL of {docid|_id|id, title?, text}.")],
    queries: Annotated[Path, typer.Option(help="JSONL of {query_id|_id|id, query|text}.")],
    qrels: Annotated[Path, typer.Option(help="TSV of query, document and relevance.")],
    out: Annotated[
        Path, typer.Option(help="Folder for everything that is made; the same again goes on there.")
    ],
    peer: Annotated[
        list[str] | None, typer.Option(help="Peer to compare with; repeatable. Default: all.")
    ] = None,
    limit_docs: Annotated[
        int | None, typer.Option(min=1, help="Use so many documents; the result is partial.")
    ] = None,
    limit_queries: Annotated[
        int | None, typer.Option(min=1, help="Ask so many questions; the result is partial.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ours beside bm25s, sentence-transformers, LanceDB and Qdrant, with the same vectors."""
    from eval.data.formats import read_files
    from eval.data.selection import Limits
    from eval.peers import comparison
    from eval.peers.markdown import summary
    from eval.peers.registry import choose
    from eval.peers.report import write_report
    from eval.report.facts import PARTIAL
    from eval.sweep.workspace import Workspace

    specs = choose(peer)
    dataset = read_files(corpus, queries, qrels)
    workspace, limits = Workspace(out), Limits(limit_docs, limit_queries)
    with step_progress() as progress:
        compared = comparison.run(
            dataset, settings_from(), workspace, specs, limits=limits, progress=progress
        )
    report = write_report(compared)
    if as_json:
        print_json(report)
        return
    if report["dataset"]["partial"]:
        stdout.print(PARTIAL, markup=False)
    stdout.print(summary(report), markup=False)
    stdout.print(f"Report: {workspace.report('md')}", markup=False)
