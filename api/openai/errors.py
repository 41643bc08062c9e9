"""Errors in OpenAI's form, from which its clients make exceptions."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.problems import documented_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Response

    from api.problems import Forms, Problem

PATHS = ("/v1/models", "/v1/embeddings", "/v1/chat/")
# A body that is not valid is a bad request there.
STATUSES: Mapping[int, int] = {415: 400, 422: 400}
TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
CODES: Mapping[str, str] = {
    "collection_not_found": "model_not_found",
    "unauthenticated": "invalid_api_key",
    "rate_limited": "rate_limit_exceeded",
}
INDEX = re.compile(r"\.(\d+)(?=\.|$)")


class OpenAIError(BaseModel):
    """What is wrong."""

    message: str = Field(description="one sentence: what is wrong and what to do")
    type: str
    param: str | None = Field(description="the parameter that is wrong, such as messages[0].role")
    code: str | None = Field(description="stable name of the kind of error, for programs")


class OpenAIErrorResponse(BaseModel):
    """An error as OpenAI's API answers it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": {
                        "message": "There is no model 'gpt'; GET /v1/models lists yours.",
                        "type": "not_found_error",
                        "param": None,
                        "code": "model_not_found",
                    }
                }
            ]
        }
    )

    error: OpenAIError

    @classmethod
    def of(cls, found: Problem) -> Self:
        """From the problem that every other route would answer with."""
        return cls(
            error=OpenAIError(
                message=found.detail,
                type=_type(found.status),
                param=_param(found),
                code=CODES.get(found.code, found.code),
            )
        )


def openai_error(found: Problem) -> Response:
    """The problem as a response of OpenAI's API."""
    body = OpenAIErrorResponse.of(found).model_dump()
    return JSONResponse(body, STATUSES.get(found.status, found.status))


FORMS: Forms = dict.fromkeys(PATHS, openai_error)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these errors."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "model": OpenAIErrorResponse,
            "headers": documented_headers(status),
        }
        for status in statuses
    }


def _type(status: int) -> str:
    other = "server_error" if status >= 500 else "invalid_request_error"
    return TYPES.get(status, other)


def _param(found: Problem) -> str | None:
    """A JSON pointer such as /messages/0/role as messages[0].role."""
    pointers = [error.pointer for error in found.errors if error.pointer]
    return INDEX.sub(r"[\1]", pointers[0][1:].replace("/", ".")) if pointers else None
