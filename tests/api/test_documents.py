"""Documents by HTTP: sent as JSON or files, indexed by a job, listed, shown, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from rag.service import Rag
from tests.api.indexing import LOCAL, add, create, finish, ids, settings, upload, wait_until_ready
from tests.api.state_elsewhere import StateElsewhere
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

BEES = {"id": "bees", "title": "Bees", "text": "Bees dance to tell where nectar is."}
TIDES = {"id": "tides", "text": "The moon raises the tides of the sea."}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def client(folder: Path, store: EmbeddedStore, encoder: Encoder) -> Iterator[TestClient]:
    choices = settings(largest_upload=1_000_000, largest_body=1_500_000, most_files=3)
    app = create_app(rag=Rag(choices, StateElsewhere(store, folder), encoder))
    with TestClient(app, LOCAL, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


@pytest.fixture
def collection(client: TestClient, collection_name: str) -> str:
    return create(client, collection_name, fields={"year": "integer"})


def path(collection: str, doc_id: str = "") -> str:
    return f"/v1/collections/{collection}/documents" + (f"/{doc_id}" if doc_id else "")


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_documents_in_json_are_found_when_their_job_has_succeeded(
    client: TestClient, collection: str
) -> None:
    job = finish(client, add(client, collection, BEES, TIDES))
    assert (job["state"], job["errors"]) == ("succeeded", [])
    assert (job["report"]["added"], job["report"]["chunks"]) == (2, 2)
    assert job["progress"] == {
        "documents_done": 2,
        "documents": 2,
        "chunks": 2,
        "fraction": 1.0,
    }
    search = {"question": "who dances for nectar?", "collection": collection}
    (best, *_) = client.post("/v1/search", json=search).json()["passages"]
    assert (best["doc_id"], best["title"]) == ("bees", "Bees")


def test_the_answer_to_an_upload_says_where_its_job_is(client: TestClient, collection: str) -> None:
    response = client.post(path(collection), json={"documents": [BEES]})
    assert response.status_code == 202
    job = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    assert job["collection"] == collection
    finish(client, job)


def test_the_id_of_a_file_is_its_name_and_what_has_no_title_has_the_file_s(
    client: TestClient, collection: str
) -> None:
    job = upload(client, collection, notes_txt="Bees dance.", table_csv="a,b\n1,2\n3,4\n")
    assert finish(client, job)["errors"] == []
    assert ids(client, collection) == ["notes.txt", "table.csv"]
    shown = client.get(path(collection, "table.csv")).json()
    assert shown["title"] == "table"
    assert job["id"] not in str(shown)


def test_a_file_of_the_same_name_takes_the_place_of_the_document(
    client: TestClient, collection: str
) -> None:
    finish(client, upload(client, collection, notes_md="# Old\n\nWhat was."))
    again = finish(client, upload(client, collection, notes_md="# Old\n\nWhat was."))
    assert (again["report"]["unchanged"], again["report"]["chunks"]) == (1, 0)
    new = finish(client, upload(client, collection, notes_md="# New\n\nWhat is."))
    assert new["report"]["replaced"] == 1
    shown = client.get(path(collection, "notes.md")).json()
    assert "What is." in shown["chunks"][0]["text"]


def test_a_document_of_the_same_id_takes_its_place_whichever_request_brings_it(
    client: TestClient, collection: str
) -> None:
    finish(client, add(client, collection, BEES, TIDES))
    job = finish(client, add(client, collection, {**BEES, "text": "Bees sleep in winter."}, TIDES))
    assert (job["report"]["replaced"], job["report"]["unchanged"]) == (1, 1)


def test_a_bad_document_costs_only_itself_and_is_named(client: TestClient, collection: str) -> None:
    bad = {**TIDES, "metadata": {"year": "long ago"}}
    empty = {"id": "empty", "text": "  "}
    job = finish(client, add(client, collection, BEES, bad, empty, BEES))
    assert job["state"] == "succeeded"
    assert ids(client, collection) == ["bees"]
    errors = {error["source"]: error["detail"] for error in job["errors"]}
    assert "'long ago' is not an integer" in errors["tides"]
    assert errors["empty"] == "it has no text"
    assert "already that of" in errors["bees"]


def test_records_of_a_file_are_documents_of_their_own(client: TestClient, collection: str) -> None:
    records = '{"id": "a/1", "text": "One."}\n{"id": "a/2", "text": "Two."}\nbroken\n'
    job = finish(client, upload(client, collection, records_jsonl=records))
    assert ids(client, collection) == ["a/1", "a/2"]
    assert [error["source"] for error in job["errors"]] == ["records.jsonl:3"]


def test_a_document_is_shown_with_its_chunks(client: TestClient, collection: str) -> None:
    text = " ".join(f"Sentence {n} tells of the bees and of their dance." for n in range(60))
    finish(client, add(client, collection, {"id": "a/b c?", "text": text, "title": "Long"}))
    shown = client.get(path(collection, "a/b%20c%3F")).json()
    assert (shown["id"], shown["title"], shown["next"]) == ("a/b c?", "Long", None)
    assert [chunk["position"] for chunk in shown["chunks"]] == list(range(len(shown["chunks"])))
    assert all(text[c["start"] : c["end"]] == c["text"] for c in shown["chunks"])
    part = client.get(path(collection, "a/b%20c%3F"), params={"first": 1, "limit": 1}).json()
    assert (part["chunks"], part["next"]) == ([shown["chunks"][1]], 2)


def test_documents_are_listed_page_by_page(client: TestClient, collection: str) -> None:
    names = [f"d{n}" for n in range(5)]
    finish(client, add(client, collection, *({"id": n, "text": f"Text {n}."} for n in names)))
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(path(collection), params={"limit": 2, "cursor": cursor}).json()
        found += [document["id"] for document in page["documents"]]
        cursor = page["next_cursor"]
    assert found == names


@pytest.mark.parametrize("cursor", ["%", "ZDE=", "Z", "_w", "ZDE\n"])
def test_a_cursor_that_was_not_given_out_is_refused(
    client: TestClient, collection: str, cursor: str
) -> None:
    response = client.get(path(collection), params={"cursor": cursor})
    assert refusal(response) == (422, "bad_cursor")


def test_a_deleted_document_is_gone_and_comes_back_when_it_is_sent_again(
    client: TestClient, collection: str
) -> None:
    finish(client, add(client, collection, BEES, TIDES))
    assert client.delete(path(collection, "bees")).status_code == 204
    assert ids(client, collection) == ["tides"]
    assert refusal(client.get(path(collection, "bees"))) == (404, "document_not_found")
    assert refusal(client.delete(path(collection, "bees"))) == (404, "document_not_found")
    job = finish(client, add(client, collection, BEES, TIDES))
    assert (job["report"]["added"], job["report"]["unchanged"]) == (1, 1)


@pytest.mark.parametrize("doc_id", ["no%00thing", "'%20or%201=1", "..%2F..%2Fetc%2Fpasswd", "%FF"])
def test_ids_that_nobody_has_are_not_found(
    client: TestClient, collection: str, doc_id: str
) -> None:
    for method in ("GET", "DELETE"):
        response = client.request(method, path(collection, doc_id))
        assert refusal(response) == (404, "document_not_found")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_documents_of_no_collection_are_not_found(client: TestClient, method: str) -> None:
    response = client.request(method, path("nothere"), json={"documents": [BEES]})
    assert refusal(response) == (404, "collection_not_found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"documents": []}, "/documents"),
        ({"documents": [{"id": "x", "text": 1}]}, "/documents/0/text"),
        ({"documents": [{"id": "", "text": "x"}]}, "/documents/0/id"),
        ({"documents": [{**BEES, "colour": "red"}]}, "/documents/0/colour"),
        ({"documents": [{**BEES, "metadata": {"a": {"b": 1}}}]}, "/documents/0/metadata/a"),
        ({"documents": [BEES] * 1001}, "/documents"),
    ],
)
def test_json_that_is_not_of_the_form_is_refused_with_pointers(
    client: TestClient, collection: str, body: Any, pointer: str
) -> None:
    response = client.post(path(collection), json=body)
    assert refusal(response) == (422, "invalid_request")
    assert response.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"documents": "\xff"}'])
def test_what_is_no_json_is_refused(client: TestClient, collection: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post(path(collection), content=body, headers=headers)
    assert refusal(response) == (400, "malformed_json")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_other_kinds_of_bodies_are_refused(client: TestClient, collection: str, kind: str) -> None:
    response = client.post(path(collection), content=b"x", headers={"Content-Type": kind})
    assert refusal(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ([("files", ("a.exe", b"x"))], 415, "unsupported_file"),
        ([("file", ("a.txt", b"x"))], 422, "bad_input"),
        ([("files", (None, b"x"))], 422, "bad_input"),
        ([("files", ("a/x.txt", b"x")), ("files", ("b/x.txt", b"y"))], 422, "bad_input"),
        ([("files", (f"{n}.txt", b"x")) for n in range(4)], 400, "malformed_form"),
    ],
    ids=["unknown kind", "other part", "no file", "one name twice", "too many"],
)
def test_files_that_cannot_be_taken_are_refused(
    client: TestClient, collection: str, parts: Any, status: int, code: str
) -> None:
    assert refusal(client.post(path(collection), files=parts)) == (status, code)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; =;"]
)
def test_a_broken_form_is_refused(client: TestClient, collection: str, kind: str) -> None:
    response = client.post(path(collection), content=b"--y\r\n", headers={"Content-Type": kind})
    assert refusal(response) == (400, "malformed_form")


def test_a_file_whose_parser_is_not_installed_is_refused_with_what_installs_it(
    client: TestClient, collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexers.parse.reading.importlib.util.find_spec", lambda _: None)
    parts = [("files", ("report.docx", b"x"))]
    response = client.post(path(collection), files=parts)
    assert refusal(response) == (415, "unsupported_file")
    assert "pip install 'trident-rag[office]'" in response.json()["detail"]


def test_too_much_is_refused_and_leaves_nothing_behind(
    client: TestClient, collection: str, folder: Path
) -> None:
    large = b"x" * 1_600_000
    for sent in ({"files": [("files", ("a.txt", large))]}, {"json": {"documents": large.decode()}}):
        assert refusal(client.post(path(collection), **sent)) == (413, "too_large")
    assert list((folder / "uploads").iterdir()) == []


def test_documents_may_be_larger_than_other_bodies(client: TestClient, collection: str) -> None:
    padded = {"documents": [BEES], "text": "x" * 1_200_000}
    assert refusal(client.post(path(collection), json=padded)) == (422, "invalid_request")
    assert refusal(client.post("/v1/search", json=padded)) == (413, "too_large")


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.txt", "..\\..\\boot.txt", "/etc/x.txt", "COM1.txt", "ü\u202e.txt"]
)
def test_whatever_a_file_is_called_it_lies_in_the_spool_and_is_removed(
    client: TestClient, collection: str, folder: Path, name: str
) -> None:
    before = {entry.name for entry in folder.iterdir()}
    parts = [("files", (name, b"Bees dance."))]
    job = finish(client, client.post(path(collection), files=parts).json())
    assert (job["state"], job["errors"]) == ("succeeded", [])
    (doc_id,) = ids(client, collection)
    assert not set(doc_id) & {"/", "\\", "\u202e"}
    assert {entry.name for entry in folder.iterdir()} - before <= {"manifest.sqlite"}
    assert list((folder / "uploads").iterdir()) == []


def test_a_collection_made_with_other_models_fails_the_job_with_the_reason(
    client: TestClient, collection_name: str
) -> None:
    app: Any = client.app
    other = TinyEncoder().info
    from rag.store.base import CollectionSpec

    app.state.trident.rag.store.create_collection(CollectionSpec(collection_name, other))
    job = finish(client, add(client, collection_name, BEES))
    assert job["state"] == "failed"
    (error,) = job["errors"]
    assert "was made with" in error["detail"]
