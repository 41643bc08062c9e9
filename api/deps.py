"""What routes depend on.

Coroutines, though they await nothing: a plain function would wait for a thread, and
/readyz would queue behind the questions.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.state import State
from rag.service import Rag


async def get_state(request: Request) -> State:
    """The server's state."""
    state: State = request.app.state.trident
    return state


async def get_service(state: Annotated[State, Depends(get_state)]) -> Rag:
    """The service; 503 until it is ready."""
    return state.service


ServerState = Annotated[State, Depends(get_state)]
Service = Annotated[Rag, Depends(get_service)]
