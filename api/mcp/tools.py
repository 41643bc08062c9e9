"""Which routes are tools, and what a model is told of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.mcp import text

COLLECTION_DOCUMENTS = "/v1/collections/{collection}/documents"


@dataclass(frozen=True, slots=True)
class Tool:
    """A route as a tool: it takes those of the route's `arguments` that a model needs.

    `as_text` makes a response readable.
    """

    name: str
    title: str
    description: str
    method: str
    path: str
    arguments: tuple[str, ...]
    as_text: Callable[[Any], str]


TOOLS = (
    Tool(
        name="search",
        title="Search documents",
        description="Find the passages of a collection that answer a question, best first, "
        "each with its document and character offsets.",
        method="post",
        path="/v1/search",
        arguments=("question", "collection", "top_k", "filter", "group_by", "rerank"),
        as_text=text.of_search,
    ),
    Tool(
        name="ask",
        title="Ask documents",
        description="Answer a question from a collection; every sentence cites its source, and "
        "each claim has a verdict that says whether the source supports it.",
        method="post",
        path="/v1/query",
        arguments=("question", "collection", "filter", "history", "passages"),
        as_text=text.of_answer,
    ),
    Tool(
        name="ground",
        title="Check an answer",
        description="Check every claim of a text against the passages that it was made from.",
        method="post",
        path="/v1/ground",
        arguments=("answer", "context", "question"),
        as_text=text.of_grounding,
    ),
    Tool(
        name="list_collections",
        title="List collections",
        description="The collections there are, their size, and the fields to filter on.",
        method="get",
        path="/v1/collections",
        arguments=(),
        as_text=text.of_collections,
    ),
    Tool(
        name="list_documents",
        title="List documents",
        description="The documents of a collection, page by page.",
        method="get",
        path=COLLECTION_DOCUMENTS,
        arguments=("collection", "limit", "cursor"),
        as_text=text.of_documents,
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
