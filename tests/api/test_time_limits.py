"""How long a request for a file may take: until its answer begins, and a reader for each piece of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, get, put
from litestar.response import Stream

from city_api.pressure.entrance import Doors, Entrance
from city_api.pressure.gate import Gate
from city_api.pressure.time_limits import limit_of
from tests.api.support import running
from tests.bench.many_phones import ask_at_once, bare_get
from tests.waiting import until

_PIECE = b"x" * 1_000_000


@get("/work")
async def work(request: Request[Any, Any, Any]) -> str:
    """Work until the test says that it is done."""
    await request.app.state.done.wait()
    return "done"


@get("/registries/{file:str}")
async def export(file: str) -> Stream:
    """Give out far more than a connection holds."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield _PIECE

    return Stream(pieces())


@put("/media/{photo:str}", request_max_body_size=None)
async def keep(photo: str, request: Request[Any, Any, Any]) -> str:
    """Take a body in, and never come to an end with it."""
    async for _ in request.stream():
        pass
    await asyncio.Event().wait()
    return photo


@pytest.fixture
def small() -> Callable[..., Litestar]:
    """An API of three routes, with a gate of few places."""

    def make(**seconds: float) -> Litestar:
        app = Litestar([work, export, keep], middleware=[Entrance], openapi_config=None)
        app.state.doors = Doors(Gate(8, 40, 60.0), Gate(1, 0, 60.0), Gate(1, 0, 60.0), **seconds)
        app.state.done = asyncio.Event()
        return app

    return make


def test_each_path_has_its_limit() -> None:
    limits = {path: limit_of(path, 5.0, 30.0) for path in (
        "/graphql", "/sync/wait", "/map/tiles/1/1/1.mvt", "/s/AB", "/media/x", "/uploads/x", "/eye/frames",
    )}  # fmt: skip
    assert list(limits.values()) == [None, None, 5.0, 5.0, 30.0, 30.0, 30.0]


async def test_whoever_is_beyond_the_line_hears_it_before_anybody_is_done(
    small: Callable[..., Litestar],
) -> None:
    app = small()
    doors: Doors = app.state.doors
    async with running(app) as address:
        host, port = address.removeprefix("http://").split(":")
        asking = asyncio.create_task(ask_at_once(host, int(port), [bare_get("/work")] * 200, 60))
        await until(lambda: doors.refused == 152, "that those beyond the line are refused")
        assert (doors.requests.in_work, doors.requests.waiting) == (8, 40)
        app.state.done.set()
        answers = await asking
        await until(lambda: doors.open == 0, "the end of all")
    assert Counter(answer.status for answer in answers) == {200: 48, 503: 152}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers if answer.status == 503)


@pytest.mark.parametrize(("method", "path"), [("GET", "/work"), ("PUT", "/media/1")])
async def test_what_does_not_answer_in_time_is_ended_and_said(
    small: Callable[..., Litestar], method: str, path: str
) -> None:
    app = small(file_seconds=0.2)
    async with running(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as http:
        content = _PIECE if method == "PUT" else None
        answer = await http.request(method, path, content=content)
        told = answer.json()
        assert (answer.status_code, told["code"], told["retryable"]) == (503, "OPERATION_TOO_LONG", True)
        assert int(answer.headers["retry-after"]) > 0
    assert app.state.doors.requests.in_work == 0


async def test_a_reader_who_takes_nothing_gives_their_place_up(small: Callable[..., Litestar]) -> None:
    app = small(write_seconds=0.3)
    files: Gate = app.state.doors.files
    async with running(app) as address:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1_000)
        writer.write(bare_get("/registries/components.csv"))
        await until(lambda: files.in_work == 1, "the export to begin")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        await until(lambda: files.in_work == 0, "its place")
        writer.transport.abort()
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            whole = await http.get("/registries/components.csv")
            assert len(whole.content) == 60 * len(_PIECE)
