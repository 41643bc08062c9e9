"""The official client against the application on a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def openai_client(live_url: str) -> Iterator[openai.OpenAI]:
    """It does not retry, so that a test sees each answer."""
    with openai.OpenAI(base_url=f"{live_url}/v1", api_key="none", max_retries=0) as client:
        yield client
