"""Listening over a WebSocket, in the protocol graphql-transport-ws; comes back by itself when cut off."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection, connect

from city_demo.phones.contracts import Operation
from city_demo.phones.refusals import Refused

PROTOCOL = "graphql-transport-ws"
_PAUSE_S = 0.5
_OPEN_LIMIT_S = 15.0
# 4408 and 4413 only say that the network was slow: the phone comes back, as after a cut.
_REFUSING_CODES = {*range(4400, 4500)} - {4408, 4413}
_REFUSED_AT_ONCE_S = 10.0
Headers = Callable[[], Awaitable[Mapping[str, str]]]
Row = dict[str, Any]


async def listen(
    api_url: str, headers: Headers, operation: Operation, variables: Mapping[str, Any]
) -> AsyncIterator[Row]:
    """Give what the subscription tells, until it ends; a cut connection is opened anew.

    One that ends because its token ran out is opened anew with the next; a fresh one that is refused is not.
    """
    heard = dict(variables)
    while True:
        opened_at = time.monotonic()
        try:
            async for told in _listen_once(api_url, await headers(), operation, heard):
                if "since" in heard:
                    heard["since"] = told.get("id", heard["since"])
                yield told
            return
        except Refused as refusal:
            if refusal.code != "SIGN_IN_REQUIRED" or time.monotonic() - opened_at < _REFUSED_AT_ONCE_S:
                raise
        except (OSError, TimeoutError, websockets.InvalidHandshake):
            pass
        except websockets.ConnectionClosed as closed:
            refuses = closed.rcvd is not None and closed.rcvd.code in _REFUSING_CODES
            if closed.rcvd is not None and refuses and time.monotonic() - opened_at < _REFUSED_AT_ONCE_S:
                code = closed.rcvd.reason.partition(":")[0] or "SIGN_IN_REQUIRED"
                raise Refused({"code": code}) from closed
        await asyncio.sleep(_PAUSE_S)


async def _listen_once(
    api_url: str, headers: Mapping[str, str], operation: Operation, variables: Mapping[str, Any]
) -> AsyncIterator[Row]:
    url = f"{api_url.replace('http', 'ws', 1)}/graphql"
    async with connect(
        url, subprotocols=[websockets.Subprotocol(PROTOCOL)], open_timeout=_OPEN_LIMIT_S, proxy=None
    ) as socket:
        await _say(socket, {"type": "connection_init", "payload": _introduction(headers)})
        body = operation.body(variables)
        async for text in socket:
            message = json.loads(text)
            match message["type"]:
                case "connection_ack":
                    await _say(socket, {"id": "1", "type": "subscribe", "payload": body})
                case "ping":
                    await _say(socket, {"type": "pong"})
                case "next":
                    yield _told(message["payload"])
                case "error":
                    raise Refused({**message["payload"][0].get("extensions", {})})
                case "complete":
                    return


def _introduction(headers: Mapping[str, str]) -> Row:
    return {"authorization": headers.get("authorization", ""), "language": headers["accept-language"]}


async def _say(socket: ClientConnection, message: Row) -> None:
    await socket.send(json.dumps(message))


def _told(payload: Row) -> Row:
    if payload.get("errors"):
        raise Refused({**payload["errors"][0].get("extensions", {})})
    [told] = payload["data"].values()
    return dict(told)
