"""The entrance of the API: every request goes through a gate before it costs anything (decision 0037).

A request takes its place when all of its body has come, so that slow phones hold none, and gives it back
with the first byte of its answer, so that slow readers hold none either; files keep theirs to the end.
From its place on a request has so long until its answer begins, see `time_limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import orjson
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send

from city_api.pressure.gate import Gate, Overloaded
from city_api.pressure.time_limits import Deadline, database_time, limit_of
from city_api.problems import problem_body, retry_headers
from city_core.kit.problems import CityProblem
from city_core.settings import Settings

_MOST_BODY_BYTES = 256 * 1024
_MOST_HELD_BYTES = 64 * 2**20
_MOST_OPEN = 4_000
_WITH_BODY = {"POST", "PUT", "PATCH"}
_NEVER_REFUSED = ("/health/", "/map/page/", "/map/lib/")
_FILES = ("/registries", "/signs/sheet.")
_LONG_WAITS = ("/sync/wait",)


@dataclass
class Doors:
    """The gates of one process, and what closes all of them."""

    requests: Gate
    files: Gate
    waits: Gate
    operation_seconds: float = 5.0
    file_seconds: float = 30.0
    write_seconds: float = 30.0  # that a reader has for one piece of an answer
    is_stopping: bool = False
    has_primary: bool = True
    open: int = 0
    held_bytes: int = 0
    refused: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Doors:
        """Make the gates that the settings ask for."""
        patience = settings.longest_wait_seconds
        files = settings.most_files_at_once
        return cls(
            Gate(settings.most_requests_at_once, settings.most_requests_waiting, patience),
            Gate(files, 2 * files, patience),
            Gate(settings.most_sockets, 0, patience),
            settings.operation_seconds,
            settings.file_seconds,
        )

    def gate_for(self, path: str) -> Gate:
        """Choose the gate that a request goes through."""
        if path.startswith(_FILES):
            return self.files
        return self.waits if path.startswith(_LONG_WAITS) else self.requests


class Entrance:
    """The ASGI middleware that stands before every route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        doors: Doors = scope["litestar_app"].state.doors
        path: str = scope["path"]
        if path.startswith(_NEVER_REFUSED):
            if doors.is_stopping and path == "/health/ready":
                await _answer(send, 503, {"status": "stopping"}, 1)
                return
            await self._app(scope, receive, send)
            return
        doors.open += 1
        try:
            await self._through(doors, cast(HTTPScope, scope), receive, send)
        except Overloaded as overloaded:
            doors.refused += 1
            await _refuse(send, path, overloaded, overloaded.seconds)
        finally:
            doors.open -= 1

    async def _through(self, doors: Doors, scope: HTTPScope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not doors.has_primary or doors.open > _MOST_OPEN:
            raise Overloaded
        seconds = limit_of(path, doors.operation_seconds, doors.file_seconds)
        deadline = Deadline(seconds, doors.write_seconds)
        visit = _Visit(doors.gate_for(path), send, deadline, keeps_place=path.startswith(_FILES))
        try:
            async with deadline:
                await self._answered(doors, visit, scope, receive)
        except TimeoutError:
            if not deadline.is_over:
                raise
            if not visit.has_begun:
                problem = CityProblem("OPERATION_TOO_LONG", allowed=f"{seconds:g} s")
                await _refuse(send, path, problem, int(retry_headers(problem)["retry-after"]))
        finally:
            visit.leave()

    async def _answered(self, doors: Doors, visit: _Visit, scope: HTTPScope, receive: Receive) -> None:
        if scope["path"] == "/graphql" and scope["method"] in _WITH_BODY:
            await self._graphql(doors, visit, scope, receive)
        elif scope["method"] in _WITH_BODY:
            await self._app(scope, await visit.taking(receive), visit.send)
        else:
            await visit.enter()
            visit.deadline.begin()
            with database_time(scope["path"], visit.deadline.seconds):
                await self._app(scope, receive, visit.send)

    async def _graphql(self, doors: Doors, visit: _Visit, scope: HTTPScope, receive: Receive) -> None:
        messages, held = await _body(doors, receive)
        try:
            await visit.enter()
        finally:
            doors.held_bytes -= held
        rest = iter(messages)

        async def again() -> Any:
            return next(rest, None) or await receive()

        await self._app(scope, again, visit.send)


class _Visit:
    """One request on its way through a gate."""

    def __init__(self, gate: Gate, send: Send, deadline: Deadline, *, keeps_place: bool) -> None:
        self._gate = gate
        self._send = send
        self._keeps_place = keeps_place
        self._is_inside = False
        self.deadline = deadline
        self.has_begun = False

    async def enter(self) -> None:
        await self._gate.enter()
        self._is_inside = True

    def leave(self) -> None:
        if self._is_inside:
            self._is_inside = False
            self._gate.leave()

    async def taking(self, receive: Receive) -> Receive:
        """Give what comes on; with the last of it the request takes its place, a file with the first."""
        if self._keeps_place:
            await self.enter()

        async def receive_and_enter() -> Any:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False):
                if not self._is_inside:
                    await self.enter()
                self.deadline.begin()
            return message

        return receive_and_enter

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            if not self._keeps_place:
                self.leave()
        with self.deadline.of_one_write():
            await self._send(message)


async def _body(doors: Doors, receive: Receive) -> tuple[list[HTTPReceiveMessage], int]:
    """Wait for the body of a GraphQL request; one that is too large is left to the route to refuse."""
    messages: list[HTTPReceiveMessage] = []
    held = 0
    try:
        while True:
            message: Any = await receive()
            messages.append(message)
            size = len(message.get("body", b"")) if message["type"] == "http.request" else 0
            held += size
            doors.held_bytes += size
            if doors.held_bytes > _MOST_HELD_BYTES:
                raise Overloaded
            if held > _MOST_BODY_BYTES or message["type"] != "http.request" or not message.get("more_body"):
                return messages, held
    except BaseException:
        doors.held_bytes -= held
        raise


async def _refuse(send: Send, path: str, problem: CityProblem, seconds: int) -> None:
    body = problem_body(problem)
    if path == "/graphql":
        texts = body.pop("message")
        extensions = {**body, **texts, "retryAfterSeconds": seconds}
        body = {"errors": [{"message": texts["zh"], "extensions": extensions}]}
    await _answer(send, problem.kind.http_status, body, seconds)


async def _answer(send: Send, status: int, body: dict[str, Any], seconds: int) -> None:
    text = orjson.dumps(body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(text)).encode()),
        (b"retry-after", str(seconds).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})
