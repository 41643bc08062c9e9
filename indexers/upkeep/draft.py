"""A collection that is filled out of sight, until it is whole."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rag.errors import CollectionExistsError, TridentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.store.base import CollectionSpec, Store

SEARCHABLE_TIMEOUT = 600.0  # seconds; the full-text index lags about one second behind


@contextmanager
def new_draft(store: Store, spec: CollectionSpec) -> Iterator[str]:
    """The name of a draft for the body to fill, settle and publish.

    When the body fails, nothing is left of it.
    """
    draft = store.create_draft(spec)
    try:
        yield draft
    except BaseException:
        with suppress(TridentError):  # what fails here is removed when the database is opened
            store.drop_collection(draft)
        raise


def settle(store: Store, draft: str) -> None:
    """Block until every leg of a search sees every row, in merged indexes."""
    store.wait_until_searchable(draft, SEARCHABLE_TIMEOUT)
    store.merge_indexes(draft, always=True)


def refuse_existing(store: Store, name: str) -> None:
    """Before the work, what publishing would say after it."""
    if any(info.spec.name == name for info in store.collections()):
        raise CollectionExistsError(
            f"There is a collection {name} already; choose another name or drop it."
        )
