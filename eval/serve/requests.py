"""The requests of the load, each with a text of its own, so that no cache answers it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.serve.clients import RequestError
from eval.synthetic.rows import question_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

SEARCH, QUERY, GROUND, UPLOAD = "search", "query", "ground", "upload"
UPLOAD_COLLECTION = "bench-uploads"
# Documents are replaced after so many, so that growth is the server's and not the data's.
UPLOADED_DOCUMENTS = 50
FINISHED = frozenset({"succeeded", "failed", "cancelled"})
JOB_PAUSE = 0.2


async def post(http: httpx.AsyncClient, path: str, body: Mapping[str, Any]) -> Any:
    """The response's JSON. Raises: RequestError with the problem's code, httpx.HTTPError."""
    response = await http.post(path, json=body)
    if not response.is_success:
        raise RequestError(kind_of(response))
    return response.json()


def kind_of(response: httpx.Response) -> str:
    """The stable code of a problem, with its status."""
    is_problem = response.headers.get("content-type", "").startswith("application/problem+json")
    return f"{response.status_code} {response.json()['code'] if is_problem else ''}".strip()


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests about a collection, which may be empty at first."""

    collection: str
    may_be_empty: bool = False

    async def search(self, http: httpx.AsyncClient, number: int) -> str:
        """Find passages."""
        body = {"question": question_text(number), "collection": self.collection}
        found = await post(http, "/v1/search", body)
        if not (found["passages"] or self.may_be_empty):
            raise RequestError("200 without passages")
        return SEARCH

    async def query(self, http: httpx.AsyncClient, number: int) -> str:
        """Answer."""
        body = {"question": question_text(number), "collection": self.collection}
        await post(http, "/v1/query", body)
        return QUERY

    async def ground(self, http: httpx.AsyncClient, number: int) -> str:
        """Check a claim."""
        body = {"answer": f"{question_text(number)}.", "context": [question_text(number + 1)]}
        await post(http, "/v1/ground", body)
        return GROUND

    async def upload(self, http: httpx.AsyncClient, number: int) -> str:
        """Add a document, or replace it, and wait until it can be found."""
        sent = document(number % UPLOADED_DOCUMENTS, question_text(number))
        job = await post(http, documents_path(UPLOAD_COLLECTION), {"documents": [sent]})
        while job["state"] not in FINISHED:
            await asyncio.sleep(JOB_PAUSE)
            job = (await http.get(f"/v1/jobs/{job['id']}")).raise_for_status().json()
        if job["state"] != "succeeded":
            raise RequestError(f"job {job['state']}")
        return UPLOAD


def documents_path(collection: str) -> str:
    """Where documents of a collection are sent to."""
    return f"/v1/collections/{collection}/documents"


def document(number: int, text: str) -> Mapping[str, str]:
    """A document as it is uploaded."""
    return {"id": f"upload-{number}", "title": f"Upload {number}", "text": text}
