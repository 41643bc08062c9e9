"""`trident eval`: how well retrieval finds, on test collections with known answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    JsonOption,
    TensorStorageOption,
    TokenPoolingOption,
    UnitOption,
    layout_flags,
    settings_from,
)
from rag.cli.output import print_json, stderr, stdout
from rag.cli.progress import step_progress

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from rag.settings import Settings

app = typer.Typer(help="Measure retrieval quality.", no_args_is_help=True)

INTERRUPTED_EXIT_CODE = 130

CorpusOption = Annotated[Path, typer.Option(help="JSONL of {docid|_id|id, title?, text}.")]
QueriesOption = Annotated[Path, typer.Option(help="JSONL of {query_id|_id|id, query|text}.")]
QrelsOption = Annotated[Path, typer.Option(help="TSV of query, document and relevance.")]
OutOption = Annotated[
    Path, typer.Option(help="Folder for everything that is made; the same again goes on there.")
]
LimitDocsOption = Annotated[
    int | None,
    typer.Option(min=1, help="Use so many documents; marks the result as partial."),
]
LimitQueriesOption = Annotated[
    int | None,
    typer.Option(min=1, help="Ask so many questions; marks the result as partial."),
]
CandidatesOption = Annotated[
    list[int] | None,
    typer.Option(min=10, max=1000, help="Candidates per leg; repeatable. Default: 100 and 1000."),
]


@app.command()
def mldr(
    data: Annotated[Path, typer.Option(help="Folder that holds MLDR as it was released.")],
    out: OutOption,
    lang: Annotated[str, typer.Option(help="Language, such as en.")] = "en",
    split: Annotated[str, typer.Option(help="train, dev or test.")] = "test",
    limit_docs: LimitDocsOption = None,
    limit_queries: LimitQueriesOption = None,
    candidates: CandidatesOption = None,
    unit: UnitOption = None,
    tensor_storage: TensorStorageOption = None,
    token_pooling: TokenPoolingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every combination of retrieval on MLDR, with the published figures beside it."""
    from eval.formats import parse_split, read_mldr

    dataset = read_mldr(data, lang, parse_split(split))
    settings = settings_from(index=layout_flags(unit, tensor_storage, token_pooling))
    evaluate(dataset, settings, out, limit_docs, limit_queries, candidates, as_json)


@app.command()
def retrieval(
    corpus: CorpusOption,
    queries: QueriesOption,
    qrels: QrelsOption,
    out: OutOption,
    limit_docs: LimitDocsOption = None,
    limit_queries: LimitQueriesOption = None,
    candidates: CandidatesOption = None,
    unit: UnitOption = None,
    tensor_storage: TensorStorageOption = None,
    token_pooling: TokenPoolingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every combination of retrieval on a test collection in BEIR's style."""
    from eval.formats import read_files

    dataset = read_files(corpus, queries, qrels)
    settings = settings_from(index=layout_flags(unit, tensor_storage, token_pooling))
    evaluate(dataset, settings, out, limit_docs, limit_queries, candidates, as_json)


@app.command()
def languages(
    corpus: CorpusOption, queries: QueriesOption, qrels: QrelsOption, as_json: JsonOption = False
) -> None:
    """The full-text leg alone, language by language: `lang` of each query; needs no model."""
    from eval import languages as by_language
    from eval.formats import read_files

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
    from eval.bench_representations import measure
    from eval.formats import read_files

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
    from eval.datasets import Dataset
    from eval.topical import write_topical_set

    made = write_topical_set(Dataset(corpus.name, corpus, (), ()).documents(), out)
    stdout.print(f"{made} topical questions in {out}", markup=False)


def evaluate(
    dataset: Dataset,
    settings: Settings,
    out: Path,
    limit_docs: int | None,
    limit_queries: int | None,
    candidates: list[int] | None,
    as_json: bool,
) -> None:
    """Sweep, write the report, and show it."""
    from eval import sweep
    from eval.report import write_report
    from eval.report_markdown import PARTIAL, results_table
    from eval.selection import Limits
    from eval.workspace import Workspace

    try:
        with step_progress() as progress:
            swept = sweep.run(
                dataset,
                settings,
                Workspace(out),
                limits=Limits(limit_docs, limit_queries),
                candidates=candidates or sweep.CANDIDATES,
                progress=progress,
            )
    except KeyboardInterrupt:
        stderr.print("Interrupted: run the same command again to go on; what is done is kept.")
        raise typer.Exit(INTERRUPTED_EXIT_CODE) from None
    report = write_report(swept)
    if as_json:
        print_json(report)
        return
    if report["dataset"]["partial"]:
        stdout.print(PARTIAL, markup=False)
    stdout.print(results_table(report), markup=False)
    stdout.print(f"Report: {swept.data.workspace.report('md')}", markup=False)
