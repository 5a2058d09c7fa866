"""What the API tests share: a running API, the contract's operations, photos, and a WebSocket phone."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import socket
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from litestar import Litestar
from PIL import Image
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from city_api.app import create_app
from city_api.serve import MANNERS
from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.open_session import sign_in_person
from city_core.people.roles import Actor
from tests.village import INSIDE
from tests.waiting import until

PASSWORD = "a long enough password"
OPERATIONS = Path(__file__).parents[2] / "mobile_contracts" / "operations"


@dataclass
class Api:
    """A running API and the village that it serves."""

    city: City
    people: dict[str, Actor]
    address: str
    http: httpx.AsyncClient

    async def headers(self, who: str) -> dict[str, str]:
        """Sign somebody in."""
        person = await self.city.database.people.find_one({"_id": who})
        return {"authorization": f"Bearer {(await sign_in_person(self.city, person)).token}"}

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, who: str | None = None, **headers: str
    ) -> dict[str, Any]:
        """Send one GraphQL request, as somebody or as nobody."""
        signed_in = await self.headers(who) if who else {}
        body = {"query": query, "variables": variables}
        answer = await self.http.post("/graphql", json=body, headers={**signed_in, **headers})
        found: dict[str, Any] = answer.json()
        return found

    async def do(self, who: str | None, app: str, name: str, /, **variables: Any) -> Any:
        """Run one operation of the contract and give the value of its one field."""
        answer = await self.ask(operation(app, name), variables, who)
        assert "errors" not in answer, answer
        [value] = answer["data"].values()
        return value

    async def report(self, who: str = "citizen-1", description: str = "垃圾") -> Row:
        """Have a report come in, past the API."""
        draft = ReportDraft("E0110", "E0110-1", description, *INSIDE, "WGS84", 5.0, "柳泉路", [])
        command = Command(new_uuid(), None, "phone:test")
        return await submit_report(self.city, self.people[who], command, draft)

    @contextlib.asynccontextmanager
    async def phone(self, who: str, *, at: str | None = None, **more: str) -> AsyncIterator[ClientConnection]:
        """Open a WebSocket connection as somebody, past its acknowledgement; `at` another API process."""
        async with self.socket("graphql-transport-ws", at=at) as socket_:
            payload = {**await self.headers(who), **more}
            await say(socket_, {"type": "connection_init", "payload": payload})
            assert await hear(socket_) == {"type": "connection_ack"}
            yield socket_

    def socket(self, protocol: str, *, at: str | None = None, **more: Any) -> connect:
        """Open a WebSocket connection and say nothing yet."""
        address = (at or self.address).replace("http://", "ws://")
        subprotocols: Any = [protocol]
        return connect(f"{address}/graphql", subprotocols=subprotocols, proxy=None, **more)


@contextlib.asynccontextmanager
async def another_api(api: Api, **settings: object) -> AsyncIterator[Api]:
    """Serve the same village once more, by a process with other settings."""
    city = replace(api.city, settings=api.city.settings.model_copy(update=settings))
    async with (
        running(create_app(city=city)) as address,
        httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as http,
    ):
        yield Api(city, api.people, address, http)


async def say(socket_: ClientConnection, message: Mapping[str, Any]) -> None:
    """Send one message."""
    await socket_.send(json.dumps(message))


async def closing(socket_: ClientConnection, seconds: float = 15.0) -> tuple[int, str]:
    """Hear a connection out until it is closed; gives the code and the reason."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                await socket_.recv()
    except ConnectionClosed as closed:
        assert closed.rcvd is not None
        return closed.rcvd.code, closed.rcvd.reason


async def hear(socket_: ClientConnection, seconds: float = 5.0) -> dict[str, Any]:
    """Wait for the next message."""
    message: dict[str, Any] = json.loads(await asyncio.wait_for(socket_.recv(), seconds))
    return message


async def subscribe(socket_: ClientConnection, query: str, **variables: Any) -> None:
    """Start an operation on a connection."""
    await say(socket_, {"id": "1", "type": "subscribe", "payload": {"query": query, "variables": variables}})


async def is_heard(api: Api, channel: str, *, count: int = 1) -> None:
    """Wait until so many API processes listen to a channel."""
    async with Redis.from_url(api.city.settings.redis_url) as redis:

        async def listened_to() -> bool:
            return bool((await redis.pubsub_numsub(channel))[0][1] == count)

        await until(listened_to, f"{count} processes that listen to {channel}")


def operation(app: str, name: str) -> str:
    """Read an operation of the contract."""
    return (OPERATIONS / app / f"{name}.graphql").read_text(encoding="utf-8")


def printed_code(out: str) -> str:
    """Find the one-time code among what was printed beside the log lines."""
    return [line for line in out.splitlines() if not line.startswith("{")][-1].split()[-1]


def photo_bytes(colour: str = "red") -> bytes:
    """Make a small photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def new_uuid() -> str:
    """Make a client id as a phone does."""
    return str(uuid.uuid4())


@contextlib.asynccontextmanager
async def running(app: Litestar, **manners: Any) -> AsyncIterator[str]:
    """Serve an app over real HTTP on a free port; answers its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # Its connections inherit this; without it every answer waits 40 ms for a delayed acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        manners = {**MANNERS, "log_level": "warning", "timeout_graceful_shutdown": 1, **manners}
        server = uvicorn.Server(uvicorn.Config(app, **manners))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving
