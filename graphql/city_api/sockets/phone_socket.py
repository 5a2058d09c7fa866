"""One phone's connection as the protocol's handler sees it: messages in, messages out, and why it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected

from city_api.documents.trusted import TrustedDocuments
from city_api.guard.hostile import check_variables
from city_api.sockets.closing import closing_of, reason_of_protocol
from city_core.kit.problems import CityProblem
from city_core.kit.rates.counting import CountingHere
from city_core.kit.rates.gcra import Allowance, Taking

_LAST_WORD_SECONDS = 1.0
# Pings and ends of operations too: they reach no allowance, and each of them is read.
_A_MESSAGE = Taking(Allowance("messages", 50, 500), "", 1)
_GONE = (WebSocketDisconnect, OSError, RuntimeError)


class PhoneSocket(AsyncWebSocketAdapter):
    """Reads and writes JSON; a phone that does not take a message in time is let go."""

    def __init__(
        self, socket: WebSocket[Any, Any, Any], send_seconds: float, documents: TrustedDocuments
    ) -> None:
        self._socket = socket
        self._documents = documents
        self._send_seconds = send_seconds
        self._is_closed = False
        self._messages = CountingHere()

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        try:
            while not self._is_closed:
                text = await self._socket.receive_text()
                if self._messages.wait_for(_A_MESSAGE):
                    await self.refuse(CityProblem("TOO_MANY_REQUESTS"))
                    return
                if not text:
                    raise NonTextMessageReceived
                yield self._documents.in_message(_checked(orjson.loads(text)))
        except WebSocketDisconnect:
            return
        except orjson.JSONDecodeError as error:
            raise NonJsonMessageReceived from error

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self._is_closed:
            return
        try:
            async with asyncio.timeout(self._send_seconds):
                await self._socket.send_text(orjson.dumps(message).decode())
        except TimeoutError:
            await self.refuse(CityProblem("READING_TOO_SLOW"))
        except _GONE as error:
            if not self._is_closed:
                raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        await self._close(code, reason_of_protocol(code, reason))

    async def refuse(self, problem: CityProblem) -> None:
        """End the connection and say why."""
        await self._close(*closing_of(problem))

    async def _close(self, code: int, reason: str) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        with contextlib.suppress(TimeoutError, *_GONE):
            async with asyncio.timeout(_LAST_WORD_SECONDS):
                await self._socket.close(code=code, reason=reason)


def _checked(message: object) -> object:
    """Accept what has the shape of a message; what its fields hold is the protocol's to judge."""
    if not isinstance(message, dict) or not isinstance(message.get("id", ""), str):
        raise NonJsonMessageReceived
    payload = message.get("payload")
    if message.get("type") == "subscribe":
        if not isinstance(payload, dict) or not isinstance(payload.get("query", ""), str):
            raise NonJsonMessageReceived
        if not isinstance(payload.get("variables"), dict | None):
            raise NonJsonMessageReceived
    try:
        check_variables(message)
    except CityProblem as problem:
        raise NonJsonMessageReceived from problem
    return message
