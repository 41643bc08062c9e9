"""What is there after a server was killed and started again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from eval.serve.requests import FINISHED, UPLOAD_COLLECTION, documents_path
from rag.errors import FailureError

if TYPE_CHECKING:
    import httpx

LONGEST_RECOVERY = 300.0
PAUSE = 0.2
TIMEOUT = 60.0
MOST_JOBS = 1000  # of one page


def documents_there(http: httpx.Client) -> int:
    """How many documents the collection has now."""
    documents: int = _get(http, f"/v1/collections/{UPLOAD_COLLECTION}")["documents"]
    return documents


def wait_for_jobs(http: httpx.Client) -> float:
    """Seconds until no job waits or runs. Raises: FailureError when that takes too long."""
    began = time.monotonic()
    while _unfinished(http):
        if time.monotonic() > began + LONGEST_RECOVERY:
            raise FailureError("The jobs of the killed server are not done; look at its log.")
        time.sleep(PAUSE)
    return time.monotonic() - began


def is_there(http: httpx.Client, name: str) -> bool:
    """Whether a document can be shown, and is the best match of its id, a word of its text."""
    shown = http.get(f"{documents_path(UPLOAD_COLLECTION)}/{name}")
    body = {
        "question": name,
        "collection": UPLOAD_COLLECTION,
        "legs": ["fulltext"],
        "rerank": "none",
        "top_k": 1,
    }
    found = http.post("/v1/search", json=body).raise_for_status().json()
    return shown.is_success and [each["doc_id"] for each in found["passages"]] == [name]


def _unfinished(http: httpx.Client) -> bool:
    jobs = _get(http, "/v1/jobs", limit=MOST_JOBS)["jobs"]
    return any(job["state"] not in FINISHED for job in jobs)


def _get(http: httpx.Client, path: str, **parameters: int) -> Any:
    return http.get(path, params=parameters).raise_for_status().json()
