"""What routes depend on.

Coroutines, though they await nothing: a plain function would wait for a thread, and
/readyz would queue behind the questions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from api.auth.caller import Caller, Scope
from api.auth.schemes import BEARER, HEADER
from api.jobs.runner import JobRunner
from api.state import State
from api.work import Work
from rag.service import Rag

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def get_state(request: Request) -> State:
    """The server's state."""
    state: State = request.app.state.trident
    return state


ServerState = Annotated[State, Depends(get_state)]


async def get_service(state: ServerState) -> Rag:
    """The service; 503 until it is ready."""
    return state.service


async def get_jobs(state: ServerState) -> JobRunner:
    """What indexes in the background; 503 until it is ready."""
    return state.jobs


async def get_work(state: ServerState) -> Work:
    """Where blocking work runs."""
    return state.work


async def get_caller(
    request: Request,
    _bearer: Annotated[object, Depends(BEARER)],
    _header: Annotated[object, Depends(HEADER)],
) -> Caller:
    """Who asks, as `api.auth.gate` found; the schemes are there for the reference."""
    caller: Caller = request.scope["caller"]
    return caller


def _with(scope: Scope) -> Callable[[Caller], Awaitable[Caller]]:
    async def scoped(caller: Annotated[Caller, Depends(get_caller)]) -> Caller:
        caller.need(scope)
        return caller

    return scoped


Service = Annotated[Rag, Depends(get_service)]
Jobs = Annotated[JobRunner, Depends(get_jobs)]
Worker = Annotated[Work, Depends(get_work)]
Reader = Annotated[Caller, Depends(_with(Scope.READ))]
Writer = Annotated[Caller, Depends(_with(Scope.WRITE))]
Admin = Annotated[Caller, Depends(_with(Scope.ADMIN))]
