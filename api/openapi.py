"""The OpenAPI document, problems included."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from api.body_limit import BodyLimits
from api.document import DocumentsRequest
from api.events import TokenOut
from api.headers import SecureHeaders
from api.openai.chunk import Chunk
from api.problems import SCHEMA_REF, Problem, documented_headers
from api.uploads import FORM, PART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.routing import APIRoute
    from pydantic import BaseModel
    from starlette.types import ASGIApp

    from rag.settings import ServerSettings

# Models that FastAPI does not see.
MODELS: tuple[type[BaseModel], ...] = (Problem, DocumentsRequest, TokenOut, Chunk)
FOREIGN_REF = SCHEMA_REF.format(model="HTTPValidationError")
# What `api.auth.gate` may answer in the place of any route that takes a caller.
AT_THE_GATE = (400, 401, 403, 429)
TAGS = {
    "retrieval": "Passages for a question; texts from anywhere in order.",
    "answers": "Answers with citations, and verdicts on answers from anywhere.",
    "collections": "What is searched: made, described, dropped.",
    "documents": "What collections hold: added in the background, listed, deleted.",
    "jobs": "Indexing in the background: how far it is, and how to cancel it.",
    "openai": "The same for clients of OpenAI's API, whose form errors have here.",
    "health": "Whether the server lives, is ready, what it runs and how it fares.",
}


class DocumentedApp(FastAPI):
    """FastAPI whose document has all schemas, and whose errors have secure headers.

    FastAPI itself collects the models of `application/json` only.
    """

    def __init__(self, **options: Any):
        tags = [{"name": name, "description": text} for name, text in TAGS.items()]
        super().__init__(openapi_tags=tags, generate_unique_id_function=operation_id, **options)

    def openapi(self) -> dict[str, Any]:
        """The document."""
        if self.openapi_schema:
            return self.openapi_schema
        document = super().openapi()
        for model in MODELS:
            _add_schema(model, document["components"]["schemas"])
        for operation in _operations(document):
            _complete(operation, self.state.trident.settings.server)
        return document

    def build_middleware_stack(self) -> ASGIApp:
        """Starlette answers unexpected errors outside of all middleware that is added."""
        return SecureHeaders(super().build_middleware_stack())


def operation_id(route: APIRoute) -> str:
    """The name of the route's function, so that clients made from the document read well."""
    return route.name


def _complete(operation: dict[str, Any], settings: ServerSettings) -> None:
    operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
    _drop_foreign(operation["responses"])
    if "security" in operation:
        _add_refusals(operation["responses"])
    if "requestBody" in operation:
        _add_limits(operation["requestBody"], settings)


def _add_schema(model: type[BaseModel], schemas: dict[str, Any]) -> None:
    schema = model.model_json_schema(ref_template=SCHEMA_REF)
    for name, part in {**schema.pop("$defs", {}), model.__name__: schema}.items():
        schemas.setdefault(name, part)


def _drop_foreign(responses: dict[str, Any]) -> None:
    """FastAPI documents a 422 of its own where a route has none; here nothing answers so."""
    if FOREIGN_REF in str(responses.get("422")):
        del responses["422"]


def _add_refusals(responses: dict[str, Any]) -> None:
    """What the gate may answer, in the form of the route's other errors."""
    form = responses["500"]["content"]
    for status in AT_THE_GATE:
        refusal = {
            "description": HTTPStatus(status).phrase,
            "content": form,
            "headers": documented_headers(status),
        }
        responses.setdefault(str(status), refusal)


def _add_limits(body: dict[str, Any], settings: ServerSettings) -> None:
    """How large a body may be, which no schema can say."""
    limits = BodyLimits.of(settings)
    if FORM not in body["content"]:
        body["description"] = f"At most {limits.other} bytes."
        return
    body["content"][FORM]["schema"]["properties"][PART]["maxItems"] = settings.most_files
    body["description"] = (
        f"At most {limits.documents} bytes of JSON, or {limits.files} bytes of files."
    )


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()
