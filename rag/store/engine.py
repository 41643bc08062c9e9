"""What the store asks of an engine, wherever it runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from rag.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rag.store.sdk import Sdk

    # Runs an engine query: its condition, its outputs, and the function that adds its legs.
    AskWhere: TypeAlias = Callable[
        [str | bool, list[str], Callable[[Any], Any]], Mapping[str, list[Any]]
    ]

T = TypeVar("T")


class Engine(Protocol):
    """A database of the engine, in this process or on a server; thread-safe."""

    @property
    def sdk(self) -> Sdk:
        """The package that reaches it."""
        ...

    def call(self, action: str, do: Callable[[Any], T]) -> T:
        """Give the SDK's database to `do`, once. `action` is for the sentence of a failure.

        Raises: StoreUnreachableError, after which it may be done or not; StoreError.
        """
        ...

    def repeat(self, do: Callable[[], T]) -> T:
        """Do `do`, and again when a server could not be reached; it must bear that."""
        ...

    def close(self) -> None:
        """Release the database; idempotent."""
        ...


def read(engine: Engine, action: str, do: Callable[[Any], T]) -> T:
    """`Engine.call` for what leaves the same behind when it is done twice."""
    return engine.repeat(lambda: engine.call(action, do))


def count_rows(engine: Engine, table: str, where: str) -> int:
    """Rows of a table for which the SQL condition `where` holds."""

    def count(database: Any) -> Any:
        query = database.get_table(table).output(["count(*)"]).filter(where)
        return query.to_result()[0]

    (counts,) = read(engine, "count rows", count).values()
    return int(sum(counts))


@contextmanager
def engine_errors(action: str, sdk: Sdk) -> Iterator[None]:
    """Turn what the SDK raises during `action` into a StoreError."""
    try:
        yield
    except (sdk.error, *sdk.escaping) as error:
        raise StoreError(f"The database engine failed to {action}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """The engine's own words, without the place in its source."""
    # One SDK says error_message, the other error_msg.
    said = getattr(error, "error_message", None) or getattr(error, "error_msg", None) or error
    return str(said).split("@src")[0].rstrip(". ")
