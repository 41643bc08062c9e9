"""A span for each request, and one below it for each stage."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from api.app import create_app
from api.observe.otel import OtelTracing, exporting_provider
from api.observe.tracing import ENDPOINT_VARIABLES, NoTracing, load_tracing
from rag.errors import SettingsError
from rag.service import Rag
from rag.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan

    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore

QUESTION = "Which volcano erupts in Europe?"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
NOWHERE = ServerSettings(otel_endpoint="http://localhost:1")


class Traced:
    """A client, and the spans that its requests leave."""

    def __init__(self, client: TestClient, exporter: InMemorySpanExporter):
        self.client = client
        self._exporter = exporter

    def of(self, path: str, **body: str) -> list[ReadableSpan]:
        """The spans of one request; that of the request itself is the last."""
        self._exporter.clear()
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
        self.client.post(path, json=body, headers=headers)
        return list(self._exporter.get_finished_spans())


@pytest.fixture
def traced(
    store: EmbeddedStore, encoder: Encoder, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Traced]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("api.state.load_tracing", lambda _settings: OtelTracing(provider))
    app = create_app(rag=Rag(Settings(collection=corpus), store, encoder))
    with TestClient(app, raise_server_exceptions=False) as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        yield Traced(client, exporter)


def test_a_query_has_a_span_for_each_stage_below_that_of_the_request(traced: Traced) -> None:
    *stages, request = traced.of("/v1/query", question=QUESTION)
    assert request.name == "POST /v1/query"
    assert {"encode", "search", "generate"} <= {span.name for span in stages}
    for span in stages:
        assert span.parent is not None
        assert request.context is not None
        assert span.parent.span_id == request.context.span_id
        assert span.start_time is not None
        assert request.start_time is not None
        assert request.end_time is not None
        assert span.end_time is not None
        assert request.start_time <= span.start_time <= span.end_time <= request.end_time


def test_stages_follow_one_another(traced: Traced) -> None:
    spans = {span.name: span for span in traced.of("/v1/search", question=QUESTION)}
    assert spans["encode"].end_time == spans["search"].start_time


def test_the_caller_s_trace_is_continued(traced: Traced) -> None:
    *_, request = traced.of("/v1/search", question=QUESTION)
    assert request.context is not None
    assert request.parent is not None
    assert f"{request.context.trace_id:032x}" == TRACE
    assert f"{request.parent.span_id:016x}" == PARENT


def test_a_span_holds_route_and_status_and_nothing_of_the_question(traced: Traced) -> None:
    for span in traced.of("/v1/query", question=QUESTION):
        assert "volcano" not in span.to_json()
    *_, request = traced.of("/v1/search", question="")
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/search",
        "http.response.status_code": 422,
    }
    assert request.status.status_code is StatusCode.UNSET


def test_what_fails_on_our_side_is_marked(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_rag: Rag, _question: str, **_options: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Rag, "search", fail)
    *_, request = traced.of("/v1/search", question=QUESTION)
    assert request.status.status_code is StatusCode.ERROR
    assert "secret" not in request.to_json()


def test_nothing_is_traced_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENDPOINT_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert isinstance(load_tracing(ServerSettings()), NoTracing)


@pytest.mark.parametrize("variable", ENDPOINT_VARIABLES)
def test_opentelemetry_s_own_variables_turn_it_on(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://localhost:1")
    tracing = load_tracing(ServerSettings())
    assert isinstance(tracing, OtelTracing)
    tracing.close()


def test_without_its_package_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "api.observe.otel", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"pip install 'trident-rag\[otel\]'"):
        load_tracing(NOWHERE)


def test_a_service_has_the_name_that_the_variable_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    assert exporting_provider("").resource.attributes["service.name"] == "trident"
    monkeypatch.setenv("OTEL_SERVICE_NAME", "mine")
    assert exporting_provider("").resource.attributes["service.name"] == "mine"
