"""`trident index`: files and folders into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    CollectionOption,
    ContextOption,
    JsonOption,
    StoreOption,
    TensorStorageOption,
    TokenPoolingOption,
    UnitOption,
    layout_flags,
    settings_from,
)
from rag.cli.output import print_json, print_notices, stderr, stdout
from rag.cli.progress import index_events, index_progress
from rag.errors import InputError
from rag.settings import EngineChoice, ParserChoice
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
EXPECTED_REASONS = ("hidden", "ignored", "no parser for", "link to a folder")


def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, globs, http(s) and s3 addresses, - for stdin."),
    ] = None,
    collection: CollectionOption = None,
    chunk_size: Annotated[int | None, typer.Option(help="Most tokens in a chunk.")] = None,
    overlap: Annotated[int | None, typer.Option(help="Tokens that neighbours share.")] = None,
    unit: UnitOption = None,
    tensor_storage: TensorStorageOption = None,
    token_pooling: TokenPoolingOption = None,
    context: ContextOption = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Metadata field to filter on, as name:{'|'.join(FieldType)}; repeatable."
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete documents that are gone from the paths.")
    ] = False,
    dedupe: Annotated[
        bool, typer.Option("--dedupe", help="Leave out documents that nearly repeat another one.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only estimate what it would take.")
    ] = False,
    parser: Annotated[
        ParserChoice | None, typer.Option(help="Of PDF and office files: one library, or models.")
    ] = None,
    field_map: Annotated[
        str | None,
        typer.Option("--map", help="Fields of records, as text=body,title=headline,id=key."),
    ] = None,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="End at the first file that cannot be read.")
    ] = False,
    relative_to: Annotated[
        Path | None, typer.Option(help="Folder that document ids are relative to.")
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(help="Pattern of files to leave out, as in a .gitignore; repeatable."),
    ] = None,
    urls: Annotated[
        Path | None, typer.Option(help="File with one more address or path a line.")
    ] = None,
    stdin_name: Annotated[
        str, typer.Option(help="Name of what - reads; its suffix says how.")
    ] = "stdin.txt",
    engine: Annotated[
        EngineChoice | None, typer.Option(help="Who reads and encodes: local, or a Ray cluster.")
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option(help="local to start one, auto, HOST:PORT or ray://HOST:PORT.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Of Ray; all that fit if not given.")] = None,
    s3_endpoint: Annotated[
        str | None, typer.Option(help="Address of an S3 server that is not Amazon's.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index files of every known format; again, only what changed."""
    settings = settings_from(
        store,
        collection,
        parse={"parser": parser, "map": parse_map(field_map), "fail_fast": fail_fast or None},
        chunk={"size": chunk_size, "overlap": overlap},
        index={"engine": engine, **layout_flags(unit, tensor_storage, token_pooling, context)},
        ray={"address": ray_address, "workers": workers},
        fetch={"s3_endpoint": s3_endpoint},
    )
    from indexers.options import IndexOptions

    paths = [*(paths or []), *(read_urls(urls) if urls else [])]
    if not paths:
        raise InputError("Nothing to index is named: give paths or addresses, or --urls FILE.")
    options = IndexOptions(
        chunk=settings.chunk,
        parse=settings.parse,
        layout=settings.index,
        fields=parse_fields(field or []),
        fetch=settings.fetch,
        ignore=tuple(ignore or ()),
        stdin_name=stdin_name,
        relative_to=relative_to,
        prune=prune,
        dedupe=dedupe,
        searchable_timeout=settings.store.searchable_timeout,
    )
    if dry_run:
        report_estimate(paths, settings, options, as_json)
        return
    report = run_index(paths, settings, options, as_json)
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report)
    raise typer.Exit(exit_code(report))


def report_estimate(
    paths: list[str], settings: Settings, options: IndexOptions, as_json: bool
) -> None:
    """Say what indexing would take; the database is not opened."""
    from indexers.estimate import estimate
    from rag.encoders.loading import load_encoder

    found = estimate(paths, load_encoder(settings.encoder), options)
    if as_json:
        print_json(found)
        return
    about = "" if found.exact else "about "
    stdout.print(
        f"{found.files} files, {found.files_bytes:,} bytes: {about}{found.documents:,} documents, "
        f"{found.chunks:,} chunks, {found.tokens:,} tokens; {found.hours:.2f} hours at "
        f"{found.chunks_per_second:.1f} chunks a second",
        markup=False,
    )
    sizes = ", ".join(f"{name} {size:,}" for name, size in found.column_bytes.items())
    stdout.print(f"bytes, without indexes: {sizes}", markup=False)


def run_index(
    paths: list[str], settings: Settings, options: IndexOptions, as_json: bool = False
) -> IndexReport:
    """Index with a progress bar, or with events where JSON is wanted."""
    from indexers.engines.registry import open_engine
    from indexers.pipeline import index_paths
    from rag.service import Rag

    with Rag.open(settings) as rag, open_engine(settings, rag.encoder) as engine:
        with index_events() if as_json else index_progress() as progress:
            report = index_paths(
                paths,
                settings.collection,
                rag.store,
                rag.encoder,
                options=options,
                progress=progress,
                engine=engine,
            )
        if rag.store.tensor_index(settings.collection) is TensorIndex.STALE:
            print_notices((stale_index(settings.collection),))
    return report


def read_urls(file: Path) -> list[str]:
    """The lines of a file but for empty ones and those that begin with #. Raises: InputError."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read as a list of addresses: {error}.") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def parse_map(mapping: str | None) -> dict[str, str]:
    """`"text=body,id=key"` → `{"text": "body", "id": "key"}`. Raises: InputError."""
    pairs = [pair.partition("=") for pair in mapping.split(",")] if mapping else []
    if not all(mark for _, mark, _ in pairs):
        raise InputError(
            f"The mapping {mapping!r} is not of the form text=FIELD,title=FIELD,id=FIELD."
        )
    return {name.strip(): field.strip() for name, _, field in pairs}


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
    for repeat in report.duplicates:
        stdout.print(
            f"duplicate {repeat.source}: {repeat.likeness:.0%} of {repeat.doc_id}", markup=False
        )
    for line in skipped_lines(report):
        stdout.print(f"skipped {line}", markup=False)
    if report.next_step:
        stderr.print(report.next_step, markup=False)


def skipped_lines(report: IndexReport) -> list[str]:
    """What was skipped: unexpected ones by name while they are few, the others by reason."""
    named = unexpected(report)[:MOST_SKIPPED_LINES]
    return [*named, *(f"{count}: {reason}" for reason, count in report.skip_counts.items())]
