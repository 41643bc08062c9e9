"""The two SDKs of the engine: one surface, two packages."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rag.errors import EngineMissingError
from rag.store.sqlglot_repair import repair_sqlglot

if TYPE_CHECKING:
    from collections.abc import Callable

EMBEDDED_PACKAGE, SERVER_PACKAGE = "infinity-embedded-sdk", "infinity-sdk"
NO_EMBEDDED = (
    "The embedded database engine is not installed; it exists for Linux on x86-64 only, "
    "where `make install` installs it."
)


@dataclass(frozen=True, slots=True)
class Sdk:
    """What code for both needs of a package: its classes, and the errors that escape it.

    The embedded SDK lets ValueError (an unknown error code), RuntimeError (from native code)
    and AttributeError (an insert that failed three times) escape, the server's thrift's own.
    """

    package: str
    index_info: Callable[[str, Any, dict[str, str]], Any]
    index_type: Any
    conflict_type: Any
    error: type[Exception]
    escaping: tuple[type[Exception], ...]

    @property
    def version(self) -> str:
        """Version of the installed package."""
        return version(self.package)


def embedded_sdk() -> Sdk:
    """The SDK with the engine in it. Raises: EngineMissingError."""
    try:
        from infinity_embedded.common import ConflictType, InfinityException
        from infinity_embedded.index import IndexInfo, IndexType
    except ImportError as error:
        raise EngineMissingError(NO_EMBEDDED) from error
    repair_sqlglot()
    escaping = (ValueError, RuntimeError, AttributeError)
    return Sdk(EMBEDDED_PACKAGE, IndexInfo, IndexType, ConflictType, InfinityException, escaping)


def server_sdk() -> Sdk:
    """The SDK that speaks to a server."""
    from infinity.common import ConflictType, InfinityException
    from infinity.index import IndexInfo, IndexType
    from thrift.Thrift import TException

    escaping = (ValueError, TException)
    return Sdk(SERVER_PACKAGE, IndexInfo, IndexType, ConflictType, InfinityException, escaping)
