"""Every error as RFC 9457 problem+json, with a stable code and the request's id."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.invalid import FieldProblem, field_problems, sentence
from api.refusals import RefusalError
from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI, Request

log = logging.getLogger("trident.api")
MEDIA_TYPE = "application/problem+json"
SCHEMA_REF = "#/components/schemas/{model}"
REQUEST_ID_HEADER = "X-Request-ID"
# What the framework raises: its code, and a sentence for the method and path.
HTTP_PROBLEMS = {
    400: ("malformed_json", "The body cannot be read as JSON in UTF-8; send an object."),
    404: ("not_found", "There is nothing at {path}; /docs lists what there is."),
    405: ("method_not_allowed", "{path} does not take {method}; /docs lists what it takes."),
}


class Problem(BaseModel):
    """What every error response holds (RFC 9457)."""

    type: str = Field(default="about:blank")
    title: str = Field(description="the HTTP status in words")
    status: int
    detail: str = Field(description="one sentence: what is wrong and what to do")
    code: str = Field(description="stable name of the kind of error, for programs")
    request_id: str
    instance: str = Field(description="path of the request")
    errors: list[FieldProblem] = Field(default=[], description="faults of single fields")


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem] = (),
) -> JSONResponse:
    """An error response."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request.scope.get("request_id", ""),
        instance=request.url.path,
        errors=list(errors),
    )
    # Set here too: the answer to an unexpected error does not pass the middleware.
    headers = {REQUEST_ID_HEADER: body.request_id}
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMA_REF.format(model=Problem.__name__)}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    app.add_exception_handler(TridentError, _trident_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


async def _trident_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TridentError)
    response = problem(request, error.http_status, error.code, str(error))
    if isinstance(error, RefusalError):
        response.headers.update(error.headers)
    return response


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem(request, 400, "malformed_json", "The body is not JSON; send an object.")
    if isinstance(error.body, bytes):  # left undecoded for want of a JSON content type
        detail = "Send the body as JSON, with the header Content-Type: application/json."
        return problem(request, 415, "unsupported_media_type", detail)
    fields = field_problems(faults, error.body)
    return problem(request, 422, "invalid_request", sentence(fields, len(faults)), fields)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    code, text = HTTP_PROBLEMS.get(status, ("http_error", "{detail}."))
    detail = text.format(path=request.url.path, method=request.method, detail=error.detail)
    response = problem(request, status, code, detail)
    response.headers.update(error.headers or {})
    return response


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    request_id = request.scope.get("request_id", "")
    log.error("request %s failed", request_id, exc_info=error)
    detail = f"Something broke on our side; the log tells more under request id {request_id}."
    return problem(request, 500, "internal_error", detail)
