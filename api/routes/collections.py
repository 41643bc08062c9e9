"""/v1/collections: list, make, describe and drop them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from api.collection import CollectionList, CollectionOut, CollectionRequest
from api.deps import Admin, Jobs, Reader, Service, Worker
from api.problems import documented

if TYPE_CHECKING:
    from api.jobs.runner import JobRunner
    from rag.service import Rag

router = APIRouter(prefix="/v1/collections", tags=["collections"])


@router.get("", responses=documented(401, 403, 500, 503))
async def list_collections(caller: Reader, service: Service, work: Worker) -> CollectionList:
    """All collections by name."""
    infos = await work.run(service.store.collections)
    return CollectionList(
        collections=[CollectionOut.of(info) for info in infos if caller.sees(info.spec.name)]
    )


@router.post(
    "", status_code=201, responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 500, 503)
)
async def create_collection(
    body: CollectionRequest,
    request: Request,
    response: Response,
    caller: Admin,
    service: Service,
    work: Worker,
) -> CollectionOut:
    """Make an empty collection with the server's models."""
    caller.check(body.name)
    spec = body.spec(service.encoder.info, service.settings.index)
    info = await work.run(service.store.create_collection, spec)
    response.headers["Location"] = request.url_for("get_collection", collection=body.name).path
    return CollectionOut.of(info)


@router.get("/{collection}", responses=documented(401, 403, 404, 500, 503))
async def get_collection(
    collection: str, caller: Reader, service: Service, work: Worker
) -> CollectionOut:
    """One collection with its sizes."""
    return CollectionOut.of(await work.run(service.store.describe, caller.check(collection)))


@router.delete("/{collection}", status_code=204, responses=documented(401, 403, 404, 500, 503))
async def drop_collection(
    collection: str, caller: Admin, service: Service, jobs: Jobs, work: Worker
) -> None:
    """Delete a collection with all that is in it; its jobs are cancelled first."""
    await work.run(_drop, service, jobs, caller.check(collection))


def _drop(service: Rag, jobs: JobRunner, collection: str) -> None:
    service.store.describe(collection)
    jobs.cancel_all(collection)
    service.store.drop_collection(collection)
