"""Every error as RFC 9457 problem+json, with a stable code and the request's id."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.invalid import FieldProblem, field_problems, sentence
from api.methods import allowed
from api.refusals import RefusalError
from rag.errors import CollectionNotFoundError, TridentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fastapi import FastAPI, Request, Response

log = logging.getLogger("trident.api")
MEDIA_TYPE = "application/problem+json"
SCHEMA_REF = "#/components/schemas/{model}"
REQUEST_ID_HEADER = "X-Request-ID"
# What a client does better than to give up; refusals that know more say it themselves.
STATUS_HEADERS: Mapping[int, Mapping[str, str]] = {503: {"Retry-After": "5"}}
HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": "how to send a key"},
    429: {"Retry-After": "seconds to wait"},
    503: {"Retry-After": "seconds to wait"},
}
# What the framework raises: its code, and a sentence for the method and path.
HTTP_PROBLEMS = {
    400: ("malformed_json", "The body cannot be read as JSON in UTF-8; send an object."),
    404: ("not_found", "There is nothing at {path}; /docs lists what there is."),
    405: ("method_not_allowed", "{path} does not take {method}; /docs lists what it takes."),
}


class Problem(BaseModel):
    """What every error response holds (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no collection 'pyton'; GET /v1/collections lists yours.",
                    "code": "collection_not_found",
                    "request_id": "9f1c6a3e5b7d4f2c8e0a1b3d5c7e9f10",
                    "instance": "/v1/search",
                    "errors": [],
                }
            ]
        }
    )

    type: str = Field(default="about:blank")
    title: str = Field(description="the HTTP status in words")
    status: int
    detail: str = Field(description="one sentence: what is wrong and what to do")
    code: str = Field(description="stable name of the kind of error, for programs")
    request_id: str
    instance: str = Field(description="path of the request")
    errors: list[FieldProblem] = Field(default=[], description="faults of single fields")


Forms: TypeAlias = "Mapping[str, Callable[[Problem], Response]]"


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem] = (),
) -> Response:
    """An error response."""
    return respond(request, _problem(request, status, code, detail, errors))


def describe(request: Request, error: Exception) -> Problem:
    """What to tell of an error; one that nobody expected is told in the log only."""
    kinds = (kind for kind in type(error).__mro__ if kind in DESCRIPTIONS)
    return DESCRIPTIONS[next(kinds)](request, error)


def respond(request: Request, found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as a response, in the form of the route's clients."""
    forms: Forms = request.app.state.error_forms
    form = next((forms[path] for path in forms if request.url.path.startswith(path)), problem_json)
    response = form(found)
    # The id is set here too: the answer to an unexpected error does not pass the middleware.
    own = {**STATUS_HEADERS.get(found.status, {}), **(headers or {})}
    response.headers.update({**own, REQUEST_ID_HEADER: found.request_id})
    return response


def problem_json(found: Problem) -> Response:
    """The form of every route that has no other."""
    return JSONResponse(found.model_dump(), found.status, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMA_REF.format(model=Problem.__name__)}}}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": content,
            "headers": documented_headers(status),
        }
        for status in statuses
    }


def documented_headers(status: int) -> dict[str, Any]:
    """The headers that an error of this status has, in OpenAPI."""
    told = {REQUEST_ID_HEADER: "names the request in the log", **HEADERS.get(status, {})}
    return {
        name: {"description": text, "required": True, "schema": {"type": "string"}}
        for name, text in told.items()
    }


def install(app: FastAPI, forms: Forms) -> None:
    """Make every error of the app a problem, in the form that is given for the start of its path.

    By path and not by route: some are refused before a route is found.
    """
    app.state.error_forms = forms
    for kind in DESCRIPTIONS:
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, RefusalError | HTTPException) else None
    if isinstance(error, HTTPException) and error.status_code == 405:
        headers = {"Allow": allowed(request.app.routes, request.scope)}
    return respond(request, describe(request, error), headers)


def _problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem] = (),
) -> Problem:
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request.scope.get("request_id", ""),
        instance=request.url.path,
        errors=list(errors),
    )


def _trident_error(request: Request, error: Any) -> Problem:
    return _problem(request, error.http_status, error.code, str(error))


def _no_collection(request: Request, error: Any) -> Problem:
    """One sentence, whether there is none or the caller may not know of it."""
    detail = f"There is no collection {error.name!r:.80}; GET /v1/collections lists yours."
    return _problem(request, error.http_status, error.code, detail)


def _invalid_request(request: Request, error: Any) -> Problem:
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _problem(request, 400, "malformed_json", "The body is not JSON; send an object.")
    if isinstance(error.body, bytes):  # left undecoded for want of a JSON content type
        detail = "Send the body as JSON, with the header Content-Type: application/json."
        return _problem(request, 415, "unsupported_media_type", detail)
    fields = field_problems(faults, error.body)
    return _problem(request, 422, "invalid_request", sentence(fields, len(faults)), fields)


def _http_error(request: Request, error: Any) -> Problem:
    code, text = HTTP_PROBLEMS.get(error.status_code, ("http_error", "{detail}."))
    detail = text.format(path=request.url.path, method=request.method, detail=error.detail)
    return _problem(request, error.status_code, code, detail)


def _unexpected(request: Request, error: Exception) -> Problem:
    request_id = request.scope.get("request_id", "")
    log.error("request %s failed", request_id, exc_info=error)
    detail = f"Something broke on our side; the log tells more under request id {request_id}."
    return _problem(request, 500, "internal_error", detail)


DESCRIPTIONS: Mapping[type[Exception], Callable[[Request, Any], Problem]] = {
    CollectionNotFoundError: _no_collection,
    TridentError: _trident_error,
    RequestValidationError: _invalid_request,
    HTTPException: _http_error,
    Exception: _unexpected,
}
