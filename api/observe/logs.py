"""The server's log: a line an event, for people or as JSON, without texts and keys."""

from __future__ import annotations

import logging.config
import traceback
from typing import TYPE_CHECKING

import structlog
from structlog.stdlib import ProcessorFormatter

from rag.errors import TridentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from structlog.typing import EventDict, Processor, WrappedLogger

RENDERERS: Mapping[str, Processor] = {
    "console": structlog.dev.ConsoleRenderer(colors=False),
    "json": structlog.processors.JSONRenderer(),
}
STRUCTLOGS = frozenset({"_record", "_from_structlog"})  # until the end of the processors
OURS = ("trident", "uvicorn")  # loggers whose every event counts; of others only warnings


def configure_logs(log_format: str) -> None:
    """Send what all loggers say to stderr in this format."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": lambda: formatter(log_format)}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {name: {"level": "INFO"} for name in OURS},
        }
    )


def formatter(log_format: str) -> ProcessorFormatter:
    """Makes the line of an event; it has the id of the request in whose course it came."""
    return ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(),
            drop_internals,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso"),
            tell_exception,
        ],
        processors=[ProcessorFormatter.remove_processors_meta, RENDERERS[log_format]],
    )


def drop_internals(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Without what libraries leave on records for themselves."""
    for name in [name for name in event if name.startswith("_") and name not in STRUCTLOGS]:
        del event[name]
    event.pop("color_message", None)  # uvicorn's second copy of its message
    return event


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put an event's exception into words."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        event["exception"] = "\n".join(_described(info[1]))
    return event


def _described(error: BaseException | None) -> Iterator[str]:
    """Where it was raised and its kind, and the same of what caused it.

    Our own sentences are written for the log; what other libraries say may quote a document.
    """
    while error is not None:
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        yield f"{kind}: {error}" if isinstance(error, TridentError) else kind
        error = error.__cause__ or error.__context__
