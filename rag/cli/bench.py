"""`trident bench`: what Trident costs, as ratios against a baseline of the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.bench_serve import serve
from rag.cli.figures import report
from rag.cli.options import JsonOption, settings_from
from rag.cli.progress import step_progress
from rag.errors import InputError
from rag.types import TensorStorage

app = typer.Typer(help="Measure latency and throughput.", no_args_is_help=True)
app.command()(serve)


@app.command()
def maxsim(as_json: JsonOption = False) -> None:
    """MaxSim against padding, a NumPy loop and maxsim-cpu, at one and two threads."""
    from eval.bench import maxsim as bench_maxsim

    with step_progress() as progress:
        result = bench_maxsim.run(progress=progress)
    report(result.to_dict(), as_json)


@app.command()
def search(
    rows: Annotated[
        str, typer.Option(help="Chunks in the synthetic collections, comma-separated.")
    ] = "20000",
    storage: Annotated[
        str, typer.Option(help=f"Of token vectors, comma-separated: {', '.join(TensorStorage)}.")
    ] = ",".join(TensorStorage),
    searches: Annotated[int, typer.Option(min=1, help="Questions to ask in each stage.")] = 200,
    keep: Annotated[
        Path | None,
        typer.Option(help="Folder for the collections: a stopped run goes on, others reuse them."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Retrieval at scale: each leg, their fusion, with rerank; memory, disk and recall."""
    from eval.bench import search as bench_search

    sizes = [_count(part) for part in rows.split(",")]
    storages = [_storage(part) for part in storage.split(",")]
    with step_progress() as progress:
        result = bench_search.run(
            settings_from(),
            rows=sizes,
            storages=storages,
            searches=searches,
            folder=keep,
            progress=progress,
        )
    report(result.to_dict(), as_json)


@app.command()
def rerank(
    candidates: Annotated[int, typer.Option(min=10, max=1000, help="Passages to order.")] = 100,
    questions: Annotated[int, typer.Option(min=1, help="Questions to order them for.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """MaxSim against a cross-encoder of the same backbone, over the same passages."""
    from eval.bench import rerank as bench_rerank

    with step_progress() as progress:
        result = bench_rerank.run(
            settings_from(), candidates=candidates, questions=questions, progress=progress
        )
    report(result.to_dict(), as_json)


@app.command()
def index(
    rows: Annotated[
        str | None,
        typer.Option(help="Chunks in generated corpora, comma-separated; else the demo corpus."),
    ] = None,
    fake_encoder: Annotated[
        bool,
        typer.Option("--fake-encoder", help="Vectors that cost nothing: the pipeline's own cost."),
    ] = False,
    storage: Annotated[
        TensorStorage, typer.Option(help="Of the token vectors of generated corpora.")
    ] = TensorStorage.BIT,
    as_json: JsonOption = False,
) -> None:
    """Indexing: rate, seconds a stage, and the share outside the models; memory by size."""
    from eval.bench import index_sizes as bench_index_sizes

    if rows is None:
        _index_demo(fake_encoder, as_json)
        return

    with step_progress() as progress:
        result = bench_index_sizes.run(
            settings_from(),
            rows=[_count(part) for part in rows.split(",")],
            storage=storage,
            fake_encoder=fake_encoder,
            progress=progress,
        )
    report(result.to_dict(), as_json)


@app.command()
def encode(
    documents: Annotated[int, typer.Option(min=1, help="Chunks of the demo corpus.")] = 400,
    as_json: JsonOption = False,
) -> None:
    """Encoding all three columns against plain sentence-transformers: rate and memory."""
    from eval.bench import encode as bench_encode

    with step_progress() as progress:
        result = bench_encode.run(settings_from(), documents=documents, progress=progress)
    report(result.to_dict(), as_json)


def _index_demo(fake_encoder: bool, as_json: bool) -> None:
    if fake_encoder:
        raise InputError("--fake-encoder is for generated corpora; give their sizes by --rows.")
    from eval.bench import index as bench_index

    with step_progress() as progress:
        result = bench_index.run(settings_from(), progress=progress)
    report(result.to_dict(), as_json)


def _count(text: str) -> int:
    if not text.strip().isdecimal() or int(text) == 0:
        raise InputError(f"{text!r} is no number of chunks; give whole numbers, as 20000,100000.")
    return int(text)


def _storage(text: str) -> TensorStorage:
    if text.strip() not in set(TensorStorage):
        raise InputError(f"There is no storage {text!r}; there are {', '.join(TensorStorage)}.")
    return TensorStorage(text.strip())
