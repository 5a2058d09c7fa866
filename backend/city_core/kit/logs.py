"""Log lines as JSON: what happened, never a personal datum or a secret."""

from __future__ import annotations

import logging
from traceback import walk_tb
from typing import Any

import orjson
import structlog

from city_core.kit.doing import add_words


def set_up_logs(level: str) -> None:
    """Write one JSON object a line to standard output, from this level on; loggers already used follow."""
    global _least_level
    _least_level = logging.getLevelNamesMapping()[level]
    logging.getLogger("saq").setLevel(logging.CRITICAL)  # repeats what we log, with stack traces
    logging.getLogger("httpx").setLevel(logging.WARNING)  # tells addresses, which may hold a secret
    structlog.configure(processors=_PROCESSORS, cache_logger_on_first_use=True)


def failure(error: BaseException) -> dict[str, object]:
    """Describe a failure for the log by its kind and its place; its words may be personal."""
    places = [
        f"{frame.f_code.co_filename.rpartition('/')[2]}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return {"error": type(error).__name__, "where": places[-5:]}


def _from_level_on(_: object, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    level = "ERROR" if method == "exception" else method.upper()
    if logging.getLevelNamesMapping()[level] < _least_level:
        raise structlog.DropEvent
    return event


def _as_text(value: object, **_: object) -> str:
    return orjson.dumps(value, default=str).decode()


_least_level = logging.INFO
# One list for good: loggers hold on to it from their first line on.
_PROCESSORS: list[Any] = [
    _from_level_on,
    structlog.contextvars.merge_contextvars,
    add_words,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.JSONRenderer(serializer=_as_text),
]
