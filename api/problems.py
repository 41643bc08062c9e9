"""Every error as RFC 9457 problem+json, with a stable code and the request's id."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI, Request

Location: TypeAlias = "tuple[int | str, ...]"

log = logging.getLogger("trident.api")
MEDIA_TYPE = "application/problem+json"
REQUEST_ID_HEADER = "X-Request-ID"
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class FieldProblem(BaseModel):
    """One fault of one field."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the request's body")
    detail: str


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
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "model": Problem, "content": content}
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    app.add_exception_handler(TridentError, _trident_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(ValidationError, _out_of_bounds)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


async def _trident_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TridentError)
    return problem(request, error.http_status, error.code, str(error))


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem(request, 400, "malformed_json", "The body is not JSON; send an object.")
    return _invalid(request, [(fault["loc"], fault["msg"]) for fault in faults])


def _invalid(request: Request, faults: Sequence[tuple[Location, str]]) -> JSONResponse:
    fields = [FieldProblem(pointer=_pointer(place), detail=detail) for place, detail in faults]
    named = "; ".join(f"{field.pointer}: {field.detail}" for field in fields[:3])
    return problem(request, 422, "invalid_request", f"The request is not valid: {named}.", fields)


async def _out_of_bounds(request: Request, error: Exception) -> JSONResponse:
    """A value that the settings' own bounds refuse."""
    assert isinstance(error, ValidationError)
    return _invalid(request, [(("body", *fault["loc"]), fault["msg"]) for fault in error.errors()])


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    response = problem(request, status, CODES.get(status, "http_error"), f"{error.detail}.")
    response.headers.update(error.headers or {})
    return response


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    request_id = request.scope.get("request_id", "")
    log.error("request %s failed", request_id, exc_info=error)
    detail = f"Something broke on our side; the log tells more under request id {request_id}."
    return problem(request, 500, "internal_error", detail)


def _pointer(location: Location) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location[1:]]
    return "/" + "/".join(parts) if parts else ""
