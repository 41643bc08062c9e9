"""Documents and files of a request, ready to be kept."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.document import DocumentsRequest
from api.jobs.errors import MalformedFormError, UnsupportedFileError, UnsupportedMediaTypeError
from api.jobs.names import clean_name
from api.jobs.spool import Given
from api.jobs.task import REQUEST_BODY
from indexers.parse.base import ParseError
from indexers.parse.reading import require
from indexers.parse.registry import FORMATS, format_named, format_of, format_of_type
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from fastapi import Request
    from starlette.datastructures import FormData

    from indexers.parse.base import Format
    from rag.settings import ParserChoice, Settings

JSON, FORM = "application/json", "multipart/form-data"
PART = "files"
MOST_FIELDS = 10  # none is wanted, but which it is can be told


@dataclass(frozen=True, slots=True)
class Upload:
    """What a job is made of; `ids` are those of documents that came as JSON."""

    given: Sequence[Given]
    ids: Sequence[str] = ()


def uploaded(request: Request, settings: Settings) -> AbstractAsyncContextManager[Upload]:
    """The documents of a request's body; what they lie in goes when the context is left.

    Raises: UnsupportedMediaTypeError; on entering RequestValidationError, MalformedFormError,
    UnsupportedFileError, InputError.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in READERS:
        raise UnsupportedMediaTypeError(f"Send documents as {JSON}, or files as {FORM}.")
    return READERS[kind](request, settings)


@asynccontextmanager
async def _documents(request: Request, _settings: Settings) -> AsyncIterator[Upload]:
    documents = _parsed(await request.body()).documents
    lines = "".join(f"{document.model_dump_json()}\n" for document in documents)
    given = Given(REQUEST_BODY, format_named("jsonl"), BytesIO(lines.encode()))
    yield Upload([given], [document.id for document in documents])


def _parsed(body: bytes) -> DocumentsRequest:
    try:
        return DocumentsRequest.model_validate_json(body)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        readable = all(fault["type"] != "json_invalid" for fault in faults)
        raise RequestValidationError(faults, body=json.loads(body) if readable else None) from error


@asynccontextmanager
async def _files(request: Request, settings: Settings) -> AsyncIterator[Upload]:
    form = await _form(request, settings.server.most_files)
    try:
        files = [_file(name, value) for name, value in form.multi_items()]
        yield Upload([_given(file, settings.parse.parser) for file in _differing(files)])
    finally:
        await form.close()


async def _form(request: Request, most_files: int) -> FormData:
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=most_files, max_fields=MOST_FIELDS
    )
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise MalformedFormError(f"The form cannot be read: {error.message}") from error
    except ClientDisconnect as error:
        raise MalformedFormError("The client left before the form was complete.") from error


def _file(name: str, value: str | UploadFile) -> UploadFile:
    if name != PART or isinstance(value, str):
        raise InputError(
            f"The form has a part {name!r:.80} that is no file of that name; send each file as a "
            f"part named {PART}."
        )
    return value


def _differing(files: Sequence[UploadFile]) -> Sequence[UploadFile]:
    """The files themselves, if their clean names differ. Raises: InputError."""
    if not files:
        raise InputError(f"The form holds no file; send each file as a part named {PART}.")
    names: set[str] = set()
    for name in map(_name, files):
        if name in names:
            raise InputError(f"Two of the files are named {name!r:.80}; send them one by one.")
        names.add(name)
    return files


def _name(file: UploadFile) -> str:
    return clean_name(file.filename or "")


def _given(file: UploadFile, parser: ParserChoice) -> Given:
    name = _name(file)
    known = format_of(Path(name), parser) or format_of_type(file.content_type or "")
    if known is None:
        kinds = ", ".join(sorted(known.name for known in FORMATS))
        raise UnsupportedFileError(f"Nothing reads {name!r:.80}; these kinds are read: {kinds}.")
    return Given(name, _installed(name, known), file.file)


def _installed(name: str, known: Format) -> Format:
    try:
        require(known)
    except ParseError as error:
        raise UnsupportedFileError(f"{name!r:.80} cannot be read: {error}.") from error
    return known


READERS: Mapping[str, Callable[[Request, Settings], AbstractAsyncContextManager[Upload]]] = {
    JSON: _documents,
    FORM: _files,
}
