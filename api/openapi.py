"""The OpenAPI document, problems included."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.problems import SCHEMA_REF, Problem


class DocumentedApp(FastAPI):
    """FastAPI whose document has the schema of problems.

    FastAPI itself collects the models of `application/json` only.
    """

    def openapi(self) -> dict[str, Any]:
        """The document."""
        document = super().openapi()
        schema = Problem.model_json_schema(ref_template=SCHEMA_REF)
        document["components"]["schemas"] |= {**schema.pop("$defs"), Problem.__name__: schema}
        return document
