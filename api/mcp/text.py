"""Responses of the API as text that a model and a person can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def of_search(found: Mapping[str, Any]) -> str:
    """Passages of a SearchResponse, each with its place."""
    passages = [_passage(passage) for passage in found["passages"]]
    return "\n\n".join([*passages, *found["notices"]]) or "No passages."


def of_answer(answered: Mapping[str, Any]) -> str:
    """Answer, sources and unsupported claims of a QueryResponse."""
    answer = answered["answer"] or "The collection does not answer that."
    sources = "\n".join(map(_source, answered["citations"]))
    checked = of_grounding(answered["grounding"]) if answered["grounding"] else ""
    notices = "\n".join([*answered["search"]["notices"], *answered["notices"]])
    return "\n\n".join(filter(None, [answer, sources, checked, notices]))


def of_grounding(grounding: Mapping[str, Any]) -> str:
    """A line for each claim of a GroundingOut, with the best evidence below it."""
    lines = [line for verdict in grounding["verdicts"] for line in _verdict(verdict)]
    return "\n".join([*lines, *grounding["notices"]]) or "There is no claim to check."


def of_collections(listed: Mapping[str, Any]) -> str:
    """A line for each collection."""
    return "\n".join(map(_collection, listed["collections"])) or "There are no collections."


def of_documents(listed: Mapping[str, Any]) -> str:
    """A line for each document, and how to get at the next page."""
    lines = [f"{document['id']} ({document['rows']} rows)" for document in listed["documents"]]
    if listed["next_cursor"]:
        lines.append(f"There are more: pass the cursor {listed['next_cursor']}")
    return "\n".join(lines) or "There are no documents."


def _passage(passage: Mapping[str, Any]) -> str:
    return f"{passage['rank']}. {_place(passage)}\n{passage['text']}"


def _source(citation: Mapping[str, Any]) -> str:
    return f"[{citation['number']}] {_place(citation)}: {citation['quote']}"


def _place(found: Mapping[str, Any]) -> str:
    """Where it is; a title that says no more than the document's id is left out."""
    place = f"{found['doc_id']} [{found['start']}:{found['end']}]"
    titled = found["title"] and found["title"] != found["doc_id"]
    return f"{found['title']} ({place})" if titled else place


def _verdict(verdict: Mapping[str, Any]) -> Iterator[str]:
    yield f"{verdict['label']}: {verdict['claim']['text']}"
    yield from (f"  evidence: {best['quote']}" for best in verdict["evidence"][:1])
    yield from (f"  not supported: {part['text']}" for part in verdict["unsupported"])


def _collection(collection: Mapping[str, Any]) -> str:
    fields = ", ".join(f"{name} ({kind})" for name, kind in collection["fields"].items())
    size = f"{collection['documents']} documents in {collection['rows']} rows"
    return f"{collection['name']}: {size}" + (f"; fields: {fields}" if fields else "")
