"""Answers that are kept, and that no change of the collection outlives."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from rag.service import Rag
from rag.settings import ServerSettings, Settings
from rag.store.base import CollectionSpec
from rag.types import Chunk, DocumentRows, Row
from tests.corpus import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

QUESTION = "Which number is it?"


def asking(rag: Rag) -> Iterator[TestClient]:
    with TestClient(create_app(rag=rag), base_url="http://localhost") as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        yield client


@pytest.fixture(scope="module")
def client(store: EmbeddedStore, encoder: Encoder, corpus: str) -> Iterator[TestClient]:
    """A server of its own, so that no other test fills its cache."""
    yield from asking(Rag(Settings(collection=corpus), store, encoder))


@pytest.fixture(scope="module")
def without_cache(store: EmbeddedStore, encoder: Encoder, corpus: str) -> Iterator[TestClient]:
    server = ServerSettings(answer_cache_entries=0)
    yield from asking(Rag(Settings(collection=corpus, server=server), store, encoder))


class Numbers:
    """A collection of documents of which each tells a number, which changes."""

    def __init__(self, store: EmbeddedStore, encoder: Encoder, name: str):
        self.store, self.name, self._encoder = store, name, encoder
        store.create_collection(CollectionSpec(name, encoder.info))

    def tell(self, doc_id: str, number: int) -> None:
        text = f"The number is {number} today."
        chunk = Chunk(f"{doc_id}#0", doc_id, doc_id, text, 0, 0, len(text), {})
        (encoding,) = self._encoder.encode_documents([text])
        row = Row(chunk, encoding)
        self.store.write(self.name, [DocumentRows(doc_id, str(number), doc_id, (row,))])

    def forget(self, doc_id: str) -> None:
        self.store.delete(self.name, [doc_id])

    def told(self, client: TestClient, **headers: str) -> dict[str, int]:
        """The number of each document, as the server has it."""
        body = {"question": QUESTION, "collection": self.name}
        found = client.post("/v1/search", json=body, headers=headers).json()["passages"]
        return {p["doc_id"]: int(p["text"].split()[3]) for p in found}


@pytest.fixture
def numbers(store: EmbeddedStore, encoder: Encoder, collection_name: str) -> Numbers:
    return Numbers(store, encoder, collection_name)


def ask(
    client: TestClient, path: str = "/v1/search", cache_control: str = "", **body: Any
) -> httpx.Response:
    headers = {"Cache-Control": cache_control} if cache_control else {}
    response: httpx.Response = client.post(path, json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize("path", ["/v1/search", "/v1/query"])
def test_the_same_question_is_answered_once(client: TestClient, path: str) -> None:
    first = ask(client, path, question="Which volcano erupts in Europe?")
    again = ask(client, path, question="Which volcano erupts in Europe?")
    assert [r.headers["X-Cache"] for r in (first, again)] == ["miss", "hit"]
    assert again.content == first.content
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "bees?"},
        {"top_k": 2},
        {"legs": ["dense"]},
        {"explain": True},
        {"where": {"field": "length", "op": "lt", "value": 100}},
        {"where": {"field": "length", "op": "lt", "value": 101}},
    ],
)
def test_another_question_filter_or_option_is_another_answer(
    client: TestClient, changed: dict[str, Any]
) -> None:
    ask(client, question="bees")
    assert ask(client, **{"question": "bees", **changed}).headers["X-Cache"] == "miss"
    assert ask(client, **{"question": "bees", **changed}).headers["X-Cache"] == "hit"


@pytest.mark.parametrize("wish", ["no-cache", "max-age=0, No-Cache", "no-store"])
def test_a_client_may_ask_for_a_fresh_answer(client: TestClient, wish: str) -> None:
    ask(client, question="chess")
    assert ask(client, cache_control=wish, question="chess").headers["X-Cache"] == "miss"
    assert ask(client, question="chess").headers["X-Cache"] == "hit"


def test_a_size_of_nothing_turns_it_off(without_cache: TestClient) -> None:
    for _ in range(2):
        assert "X-Cache" not in ask(without_cache, question="bees").headers


def test_what_a_language_model_writes_is_not_kept(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rag, "deterministic", False)
    for _ in range(2):
        assert "X-Cache" not in ask(client, "/v1/query", question="bees").headers


def test_a_refusal_is_not_kept(client: TestClient, numbers: Numbers) -> None:
    body = {"question": QUESTION, "collection": f"{numbers.name}later"}
    assert client.post("/v1/search", json=body).status_code == 404
    Numbers(numbers.store, numbers._encoder, body["collection"])
    assert client.post("/v1/search", json=body).status_code == 200


def test_a_dropped_collection_is_gone_at_once(
    client: TestClient, store: EmbeddedStore, encoder: Encoder, collection_name: str
) -> None:
    fill(store, encoder, collection_name)
    body = {"question": "bees", "collection": collection_name}
    assert client.post("/v1/search", json=body).json()["passages"]
    store.drop_collection(collection_name)
    assert client.post("/v1/search", json=body).status_code == 404
    store.create_collection(CollectionSpec(collection_name, encoder.info))
    assert client.post("/v1/search", json=body).json()["passages"] == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.sampled_from("abc"), st.integers(0, 9)),
        st.tuples(st.just("forget"), st.sampled_from("abc"), st.just(0)),
        st.tuples(st.just("ask"), st.just(""), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_after_any_changes_the_answer_is_that_of_now(
    client: TestClient, numbers: Numbers, steps: list[tuple[str, str, int]]
) -> None:
    for document in numbers.store.documents(numbers.name):
        numbers.forget(document)
    expected: dict[str, int] = {}
    for step, doc_id, number in [*steps, ("ask", "", 0)]:
        if step == "tell":
            numbers.tell(doc_id, number)
            expected[doc_id] = number
        elif step == "forget":
            numbers.forget(doc_id)
            expected.pop(doc_id, None)
        else:
            assert numbers.told(client) == numbers.told(client) == expected


def test_readers_never_get_an_answer_from_before_an_acknowledged_write(
    client: TestClient, numbers: Numbers
) -> None:
    acknowledged, stale = [0], list[tuple[int, int]]()
    done = threading.Event()
    numbers.tell("a", 0)

    def read() -> None:
        while not done.is_set():
            least = acknowledged[0]
            found = numbers.told(client)["a"]
            if found < least:
                stale.append((found, least))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 15):
        numbers.tell("a", number)
        acknowledged[0] = number
    done.set()
    for reader in readers:
        reader.join(30)
    assert not stale
    assert numbers.told(client) == {"a": 14}
