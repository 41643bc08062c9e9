"""/v1/collections/{collection}/documents: add, list, show and delete them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.cursor import CURSOR_PATTERN, cursor_after, last_before
from api.deps import Jobs, Reader, Service, Worker, Writer
from api.document import (
    DocumentOut,
    DocumentPage,
    DocumentsRequest,
    DocumentWithChunks,
)
from api.jobs.job import Job
from api.problems import SCHEMA_REF, documented
from api.routes import path_id
from api.uploads import FORM, JSON, PART, uploaded
from indexers.removal import delete_documents
from rag.errors import DocumentNotFoundError

if TYPE_CHECKING:
    from rag.service import Rag

path_id.register()
router = APIRouter(prefix="/v1/collections/{collection}/documents", tags=["documents"])
MOST = 1000
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[
    str,
    Query(
        max_length=10_000,
        description="the `next_cursor` of a page",
        json_schema_extra={"pattern": CURSOR_PATTERN},
    ),
]
# FastAPI cannot say that a body is one or the other.
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": SCHEMA_REF.format(model=DocumentsRequest.__name__)}},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": [PART],
                    "properties": {
                        PART: {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "files of any kind that `trident index` reads",
                        }
                    },
                    "additionalProperties": False,
                }
            },
        },
    }
}


@router.post(
    "",
    status_code=202,
    openapi_extra=BODY,
    responses=documented(400, 401, 403, 404, 413, 415, 422, 500, 503),
)
async def add_documents(
    collection: str,
    request: Request,
    response: Response,
    caller: Writer,
    service: Service,
    jobs: Jobs,
    work: Worker,
) -> Job:
    """Index documents (JSON) or files (a form) in the background.

    All of it is on disk when this answers, and will be indexed even if the server is killed.
    A document has the id that it is given, a file that of its name; what has the id of a
    document that is there takes its place. Such that are there already cost nothing.
    """
    name = caller.check(collection)
    await work.run(service.store.spec, name)
    async with uploaded(request, service.settings) as upload:
        job = await work.run(jobs.submit, name, upload.given, upload.ids)
    response.headers["Location"] = request.url_for("get_job", job_id=job.id).path
    return job


@router.get("", responses=documented(401, 403, 404, 422, 500, 503))
async def list_documents(
    collection: str,
    caller: Reader,
    service: Service,
    work: Worker,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> DocumentPage:
    """Documents by id, page by page."""
    name = caller.check(collection)
    found = await work.run(
        service.store.list_documents, name, limit + 1, last_before(cursor) if cursor else ""
    )
    page = found[:limit]
    return DocumentPage(
        documents=[DocumentOut.model_validate(document) for document in page],
        next_cursor=cursor_after(page[-1].doc_id) if len(found) > limit else None,
    )


@router.get("/{doc_id:id}", responses=documented(401, 403, 404, 422, 500, 503))
async def get_document(
    collection: str,
    doc_id: str,
    caller: Reader,
    service: Service,
    work: Worker,
    first: Annotated[int, Query(ge=0, description="the first chunk to show, from 0")] = 0,
    limit: Limit = MOST,
) -> DocumentWithChunks:
    """A document with its chunks."""
    return await work.run(_document, service, caller.check(collection), doc_id, first, limit)


@router.delete("/{doc_id:id}", status_code=204, responses=documented(401, 403, 404, 500, 503))
async def delete_document(
    collection: str, doc_id: str, caller: Writer, service: Service, work: Worker
) -> None:
    """Delete a document. One that a job has yet to write comes after."""
    await work.run(delete_documents, service.store, caller.check(collection), [doc_id])


def _document(
    service: Rag, collection: str, doc_id: str, first: int, limit: int
) -> DocumentWithChunks:
    chunks = service.store.chunks(collection, doc_id)
    if not chunks:
        raise DocumentNotFoundError(
            f"There is no document {doc_id!r:.200} in {collection}; list its documents to see "
            "which there are."
        )
    return DocumentWithChunks.of(doc_id, chunks, first, limit)
