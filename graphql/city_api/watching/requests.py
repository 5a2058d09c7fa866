"""Watches every request from outside: gives it an id, and tells in the end what became of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import structlog
from litestar import Litestar
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from city_core.kit.clock import SystemClock
from city_core.kit.doing import Doing, begin, doing, request_id_from
from city_core.kit.metrics import ANSWERS, OPERATIONS, REFUSALS, bounded
from city_core.kit.problems import PROBLEM_KINDS
from city_core.kit.traces import Span, span

log = structlog.get_logger()
HEADER = "x-request-id"
ANONYMOUS = "anonymous"
_CLOCK = SystemClock()
# How long these take is up to the phone and its network, or they wait on purpose.
_AS_LONG_AS_IT_TAKES = ("/media", "/uploads", "/sync/wait", "/registries", "/eye")


@dataclass(frozen=True)
class RequestWatch:
    """What a process knows for telling about requests: its paths, and from when on one is slow (seconds)."""

    paths: frozenset[str]
    slow_seconds: float

    def told(self, what: Doing, path: str, status: int, seconds: float, one: Span | None) -> None:
        """Tell about a request that was answered: one line, its figures, its span."""
        operation = what.operation or path
        count_operation(operation, what, seconds)
        ANSWERS.labels(path, str(status)).inc()
        may_last = path.startswith(_AS_LONG_AS_IT_TAKES)
        is_slow = seconds >= self.slow_seconds and not may_last
        note_refusals(what)
        if is_slow:
            what.words["slow"] = True
        milliseconds = round(seconds * 1_000, 1)
        if is_slow or status >= 500:
            log.warning("request", path=path, status=status, duration_ms=milliseconds)
        else:
            log.info("request", path=path, status=status, duration_ms=milliseconds)
        if one is not None:
            describe(one, what)
            one.set_attribute("http.route", path)
            one.set_attribute("http.response.status_code", status)


def count_operation(operation: str, what: Doing, seconds: float) -> None:
    """Count an operation that was answered, and the codes that it was refused with."""
    OPERATIONS.labels(operation).observe(seconds)
    for code in dict.fromkeys(what.refusals):
        REFUSALS.labels(operation, bounded(code, PROBLEM_KINDS)).inc()


def note_refusals(what: Doing) -> None:
    """Have the line that tells of something say which codes it was refused with, if it was."""
    if what.refusals:
        what.words["refused"] = list(what.refusals)


def describe(one: Span, what: Doing) -> None:
    """Name the span of an operation after it, and say whose post asked; never who."""
    if what.operation:
        one.update_name(what.operation)
    one.set_attribute("request.id", what.request_id or "")
    for name in ("operation", "post"):
        if name in what.words:
            one.set_attribute(f"city.{name}", str(what.words[name]))
    if what.refusals:
        one.set_attribute("city.refused", ",".join(what.refusals))


def watch_requests(app: Litestar, slow_milliseconds: int) -> None:
    """Have every request of this API process watched, also those that lead nowhere."""
    watch = RequestWatch(_paths_of(app), slow_milliseconds / 1_000)
    app.asgi_handler = _watched(app.asgi_handler, watch)


def _paths_of(app: Litestar) -> frozenset[str]:
    return frozenset(route.path_format for route in app.routes)


def _watched(inner: ASGIApp, watch: RequestWatch) -> ASGIApp:
    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"].startswith("/health/"):
            await inner(scope, receive, send)
            return
        what = Doing(request_id_from(_given_id(scope)), _CLOCK.now())
        if scope["type"] == "websocket":  # its operations are told one by one
            begin(what)
            await inner(scope, receive, send)
            return
        await _one_request(inner, watch, what, scope, receive, send)

    return watched


async def _one_request(
    inner: ASGIApp, watch: RequestWatch, what: Doing, scope: Scope, receive: Receive, send: Send
) -> None:
    status = 0

    async def answer(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            id_ = (HEADER.encode(), str(what.request_id).encode())
            message["headers"] = [*message["headers"], id_]
        await send(message)

    began = time.perf_counter()
    method = str(scope.get("method"))
    with doing(what), span(f"HTTP {method}", kind="SERVER") as one:
        try:
            await inner(scope, receive, answer)
        finally:
            path = bounded(_path_of(scope), watch.paths)
            watch.told(what, path, status, time.perf_counter() - began, one)


def _path_of(scope: Any) -> str | None:
    found: str | None = scope.get("path_template")
    return found


def _given_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value.decode("latin-1")
    return None
