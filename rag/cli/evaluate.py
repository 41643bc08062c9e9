"""`trident eval`: how well retrieval finds, on test collections with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.evaluate_answers import abstention, correction
from rag.cli.evaluate_grounding import grounding
from rag.cli.options import JsonOption, settings_from
from rag.cli.output import print_json, stderr, stdout
from rag.cli.peers import peers
from rag.cli.progress import step_progress
from rag.cli.sweep_options import (
    CandidatesOption,
    LimitDocsOption,
    LimitQueriesOption,
    OutOption,
    PoolingsOption,
    RowsOption,
    StoragesOption,
    SubsetOption,
    UnitsOption,
    sweep_options,
)

if TYPE_CHECKING:
    from eval.data.datasets import Dataset
    from eval.data.selection import Limits
    from eval.sweep.plan import SweepOptions
    from rag.settings import Settings

app = typer.Typer(help="Measure retrieval quality.", no_args_is_help=True)
app.command()(peers)
app.command()(grounding)
app.command()(abstention)
app.command()(correction)

INTERRUPTED_EXIT_CODE = 130

CorpusOption = Annotated[Path, typer.Option(help="JSONL of {docid|_id|id, title?, text}.")]
QueriesOption = Annotated[Path, typer.Option(help="JSONL of {query_id|_id|id, query|text}.")]
QrelsOption = Annotated[Path, typer.Option(help="TSV of query, document and relevance.")]


@app.command()
def mldr(
    data: Annotated[
        str,
        typer.Option(
            metavar="DIR|hub|hub:mteb",
            help="Folder that holds MLDR, as released or as MTEB mirrors it; or the hub's copy.",
        ),
    ],
    out: OutOption,
    lang: Annotated[str, typer.Option(help="Language, such as en.")] = "en",
    split: Annotated[str, typer.Option(help="train, dev or test.")] = "test",
    revision: Annotated[
        str | None, typer.Option(help="Revision on the hub instead of the pinned one.")
    ] = None,
    limit_docs: LimitDocsOption = None,
    limit_queries: LimitQueriesOption = None,
    candidates: CandidatesOption = None,
    rows: RowsOption = None,
    unit: UnitsOption = None,
    tensor_storage: StoragesOption = None,
    token_pooling: PoolingsOption = None,
    score_subset: SubsetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every combination of retrieval on MLDR, with the published figures beside it."""
    from eval.data.formats import parse_split, read_mldr
    from eval.data.mldr_hub import mldr_folder
    from eval.data.selection import Limits

    settings = settings_from()
    options = sweep_options(settings, unit, tensor_storage, token_pooling, candidates, rows)
    part = parse_split(split)
    folder = mldr_folder(data, lang, part, revision, offline=settings.encoder.offline)
    dataset = read_mldr(folder, lang, part)
    evaluate(
        dataset,
        settings,
        out,
        Limits(limit_docs, limit_queries),
        options,
        score_subset or [],
        as_json,
    )


@app.command()
def retrieval(
    corpus: CorpusOption,
    queries: QueriesOption,
    qrels: QrelsOption,
    out: OutOption,
    limit_docs: LimitDocsOption = None,
    limit_queries: LimitQueriesOption = None,
    candidates: CandidatesOption = None,
    rows: RowsOption = None,
    unit: UnitsOption = None,
    tensor_storage: StoragesOption = None,
    token_pooling: PoolingsOption = None,
    score_subset: SubsetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every combination of retrieval on a test collection in BEIR's style."""
    from eval.data.formats import read_files
    from eval.data.selection import Limits

    settings = settings_from()
    options = sweep_options(settings, unit, tensor_storage, token_pooling, candidates, rows)
    dataset = read_files(corpus, queries, qrels)
    evaluate(
        dataset,
        settings,
        out,
        Limits(limit_docs, limit_queries),
        options,
        score_subset or [],
        as_json,
    )


@app.command()
def languages(
    corpus: CorpusOption, queries: QueriesOption, qrels: QrelsOption, as_json: JsonOption = False
) -> None:
    """The full-text leg alone, language by language: `lang` of each query; needs no model."""
    from eval import languages as by_language
    from eval.data.formats import read_files

    dataset = read_files(corpus, queries, qrels)
    with step_progress() as progress:
        report = by_language.run(dataset, settings_from(), progress)
    if as_json:
        print_json(report.to_dict())
    else:
        stdout.print(by_language.table(report), markup=False)


@app.command()
def representations(
    corpus: Annotated[Path, typer.Option(help="JSONL of {docid|_id|id, title?, text}.")],
    queries: Annotated[Path, typer.Option(help="JSONL of {query_id|_id|id, query|text}.")],
    qrels: Annotated[Path, typer.Option(help="TSV of query, document and relevance.")],
    preset: Annotated[
        list[str] | None, typer.Option(help="Preset to measure; repeatable. Default: the one set.")
    ] = None,
    only: Annotated[
        Path | None, typer.Option(help="File of document ids: cut the corpus down to these.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What the models can do by themselves: exact scores, no engine, bootstrap intervals."""
    from eval.data.formats import read_files
    from eval.models.run import measure

    dataset = read_files(corpus, queries, qrels)
    settings = settings_from()
    with step_progress() as progress:
        found = measure(dataset, settings, preset or [settings.encoder.preset], only, progress)
    if as_json:
        print_json(found)
        return
    for name, rows in found.items():
        stdout.print(name, markup=False)
        for row, value in rows.items():
            line = f"  {row}: {value.mean:.4f} [{value.low:.4f}, {value.high:.4f}]"
            stdout.print(line, markup=False)


@app.command()
def topical(
    corpus: Annotated[Path, typer.Option(help="JSONL of {docid|_id|id, title?, text}.")],
    out: Annotated[Path, typer.Option(help="Folder for corpus, queries and qrels.")],
) -> None:
    """Make a test collection of topical questions out of a corpus."""
    from eval.data.datasets import Dataset
    from eval.models.topical import write_topical_set

    made = write_topical_set(Dataset(corpus.name, (corpus,), (), ()).documents(), out)
    stdout.print(f"{made} topical questions in {out}", markup=False)


def evaluate(
    dataset: Dataset,
    settings: Settings,
    out: Path,
    limits: Limits,
    options: SweepOptions,
    subsets: list[str],
    as_json: bool,
) -> None:
    """Sweep, write the report, and show it."""
    from eval.data.subsets import parse_subsets
    from eval.report.facts import PARTIAL
    from eval.report.markdown import results_table
    from eval.report.report import write_report
    from eval.sweep import run as sweep
    from eval.sweep.workspace import Workspace

    parts = parse_subsets(subsets)
    workspace = Workspace(out)
    try:
        with step_progress() as progress:
            swept = sweep.run(
                dataset, settings, workspace, options, limits=limits, progress=progress
            )
    except KeyboardInterrupt:
        stderr.print("Interrupted: run the same command again to go on; what is done is kept.")
        raise typer.Exit(INTERRUPTED_EXIT_CODE) from None
    report = write_report(swept, parts)
    if as_json:
        print_json(report)
        return
    if report["dataset"]["partial"]:
        stdout.print(PARTIAL, markup=False)
    stdout.print(results_table(report), markup=False)
    stdout.print(f"Report: {workspace.report('html')}, {workspace.report('md')}", markup=False)
