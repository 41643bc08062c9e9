"""`trident index`: files and folders into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    CollectionOption,
    JsonOption,
    StoreOption,
    TensorStorageOption,
    TokenPoolingOption,
    UnitOption,
    layout_flags,
    settings_from,
)
from rag.cli.output import print_json, print_notices, stderr, stdout
from rag.cli.progress import index_progress
from rag.errors import InputError
from rag.store.base import FieldType, TensorIndex, stale_index

if TYPE_CHECKING:
    from indexers.options import IndexOptions
    from indexers.report import IndexReport
    from rag.settings import Settings

SKIPPED_EXIT_CODE = 3
INTERRUPTED_EXIT_CODE = 130
# More lines than this are counted by their reason instead of listed.
MOST_SKIPPED_LINES = 20
# Reasons that a user expects when a whole folder is given.
EXPECTED_REASONS = ("hidden", "no parser for", "link to a folder")


def index(
    paths: Annotated[list[str], typer.Argument(help="Files, folders or globs.")],
    collection: CollectionOption = None,
    chunk_size: Annotated[int | None, typer.Option(help="Most tokens in a chunk.")] = None,
    overlap: Annotated[int | None, typer.Option(help="Tokens that neighbours share.")] = None,
    unit: UnitOption = None,
    tensor_storage: TensorStorageOption = None,
    token_pooling: TokenPoolingOption = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Metadata field to filter on, as name:{'|'.join(FieldType)}; repeatable."
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete documents that are gone from the paths.")
    ] = False,
    relative_to: Annotated[
        Path | None, typer.Option(help="Folder that document ids are relative to.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index text, Markdown, HTML and JSONL files; again, only what changed."""
    settings = settings_from(
        store,
        collection,
        chunk={"size": chunk_size, "overlap": overlap},
        index=layout_flags(unit, tensor_storage, token_pooling),
    )
    from indexers.options import IndexOptions

    options = IndexOptions(
        chunk=settings.chunk,
        layout=settings.index,
        fields=parse_fields(field or []),
        relative_to=relative_to,
        prune=prune,
        searchable_timeout=settings.store.searchable_timeout,
    )
    report = run_index(paths, settings, options)
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report)
    raise typer.Exit(exit_code(report))


def run_index(paths: list[str], settings: Settings, options: IndexOptions) -> IndexReport:
    """Index with a progress bar."""
    from indexers.pipeline import index_paths
    from rag.service import Rag

    with Rag.open(settings) as rag:
        with index_progress() as progress:
            report = index_paths(
                paths,
                settings.collection,
                rag.store,
                rag.encoder,
                options=options,
                progress=progress,
            )
        if rag.store.tensor_index(settings.collection) is TensorIndex.STALE:
            print_notices((stale_index(settings.collection),))
    return report


def parse_fields(declarations: list[str]) -> dict[str, FieldType]:
    """`["year:integer"]` → `{"year": FieldType.INTEGER}`. Raises: InputError."""
    return dict(map(parse_field, declarations))


def parse_field(declaration: str) -> tuple[str, FieldType]:
    """`"year:integer"` → `("year", FieldType.INTEGER)`. Raises: InputError."""
    name, _, kind = declaration.partition(":")
    try:
        return name, FieldType(kind)
    except ValueError as error:
        raise InputError(
            f"The field {declaration!r} is not of the form name:type with a type of "
            f"{', '.join(FieldType)}."
        ) from error


def exit_code(report: IndexReport) -> int:
    """0 done; 3 something could not be read; 130 interrupted."""
    if report.interrupted:
        return INTERRUPTED_EXIT_CODE
    return SKIPPED_EXIT_CODE if unexpected(report) else 0


def unexpected(report: IndexReport) -> list[str]:
    """`source: reason` of what was skipped for another reason than its kind of file."""
    return [
        f"{skip.source}: {skip.reason}"
        for skip in report.skipped
        if not skip.reason.startswith(EXPECTED_REASONS)
    ]


def print_report(report: IndexReport) -> None:
    """The summary of a run for a person to read."""
    stdout.print(
        f"{report.collection}: {report.added} added, {report.replaced} replaced, "
        f"{report.unchanged} unchanged, {report.deleted} deleted; {report.chunks} chunks written "
        f"in {report.total_seconds:.1f} s",
        markup=False,
    )
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.seconds.items())
    stdout.print(f"seconds: {stages} ({report.forward_seconds:.1f} in the models)", markup=False)
    if report.windowed:
        stderr.print(
            f"{report.windowed} chunks were longer than a model reads at once; "
            "they were read whole, in overlapping windows."
        )
    for line in skipped_lines(report):
        stdout.print(f"skipped {line}", markup=False)
    if report.next_step:
        stderr.print(report.next_step, markup=False)


def skipped_lines(report: IndexReport) -> list[str]:
    """What was skipped: unexpected ones by name while they are few, the others by reason."""
    named = unexpected(report)[:MOST_SKIPPED_LINES]
    return [*named, *(f"{count}: {reason}" for reason, count in report.skip_counts.items())]
