"""A crowd of phones in a process of its own, each with one open inbox subscription; says when each hears."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect

_OPENED_AT_ONCE = 25
_INBOX = Path(__file__).parents[2] / "mobile_contracts" / "operations" / "officer" / "InboxMessages.graphql"


async def crowd() -> None:
    """Open a connection for each token of stdin and print a line for whatever happens."""
    given = json.loads(sys.stdin.readline())
    gate, query = asyncio.Semaphore(_OPENED_AT_ONCE), _INBOX.read_text(encoding="utf-8")
    phones = [_phone(given["url"], token, query, gate) for token in given["tokens"]]
    await asyncio.gather(*phones)


async def _phone(url: str, token: str, query: str, gate: asyncio.Semaphore) -> None:
    async with gate:
        phone = await connect(
            url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None, compression=None,
            open_timeout=60,
        )  # fmt: skip
        await phone.send(json.dumps({"type": "connection_init", "payload": {"authorization": token}}))
        await phone.recv()
        payload = {"query": query, "operationName": "InboxMessages"}
        await phone.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        # An answer to a ping comes after the subscription was taken up.
        await phone.send(json.dumps({"type": "ping"}))
        await phone.recv()
    _say("open")
    await _hear(phone)


async def _hear(phone: ClientConnection) -> None:
    async for _ in phone:
        _say("heard")


def _say(what: str) -> None:
    print(json.dumps({"what": what, "at": time.time()}), flush=True)


if __name__ == "__main__":
    asyncio.run(crowd())
