"""The OpenAPI document, problems included."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from api.document import DocumentsRequest
from api.events import TokenOut
from api.headers import SecureHeaders
from api.openai.chunk import Chunk
from api.problems import SCHEMA_REF, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from starlette.types import ASGIApp

# Models that FastAPI does not see.
MODELS: tuple[type[BaseModel], ...] = (Problem, DocumentsRequest, TokenOut, Chunk)
FOREIGN_REF = SCHEMA_REF.format(model="HTTPValidationError")
# What `api.auth.gate` may answer in the place of any route that takes a caller.
AT_THE_GATE = (400, 401, 403, 429)


class DocumentedApp(FastAPI):
    """FastAPI whose document has all schemas, and whose errors have secure headers.

    FastAPI itself collects the models of `application/json` only.
    """

    def openapi(self) -> dict[str, Any]:
        """The document."""
        if self.openapi_schema:
            return self.openapi_schema
        document = super().openapi()
        for model in MODELS:
            _add_schema(model, document["components"]["schemas"])
        for operation in _operations(document):
            _drop_foreign(operation["responses"])
            if "security" in operation:
                _add_refusals(operation["responses"])
        return document

    def build_middleware_stack(self) -> ASGIApp:
        """Starlette answers unexpected errors outside of all middleware that is added."""
        return SecureHeaders(super().build_middleware_stack())


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
        refusal = {"description": HTTPStatus(status).phrase, "content": form}
        responses.setdefault(str(status), refusal)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()
