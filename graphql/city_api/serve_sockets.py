"""GraphQL over WebSocket: graphql-transport-ws only, signed in by the first message."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any

import orjson
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import (
    NonJsonMessageReceived,
    NonTextMessageReceived,
    WebSocketDisconnected,
)
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types.unset import UNSET

from city_api.context import Context, Edge
from city_api.schema import CitySchema
from city_core.kit.problems import CityProblem

MOST_OPERATIONS = 20
_PATIENCE = timedelta(seconds=10)
_NOT_ACCEPTABLE = 4406


class _JsonSocket(AsyncWebSocketAdapter):
    def __init__(self, socket: WebSocket[Any, Any, Any]) -> None:
        self._socket = socket

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        try:
            while True:
                text = await self._socket.receive_text()
                if not text:
                    raise NonTextMessageReceived
                yield orjson.loads(text)
        except WebSocketDisconnect:
            return
        except orjson.JSONDecodeError as error:
            raise NonJsonMessageReceived from error

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self._socket.send_text(orjson.dumps(message).decode())
        except WebSocketDisconnect as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        await self._socket.close(code=code, reason=reason[:120])


class _Doorkeeper:
    """Lets a connection in when its first message carries a valid sign-in."""

    async def on_ws_connect(self, context: Context) -> Any:
        try:
            await context.actor()
        except CityProblem as problem:
            raise ConnectionRejectionError({"code": problem.code}) from problem
        return UNSET


async def serve_socket(socket: WebSocket[Any, Any, Any], edge: Edge, schema: CitySchema) -> None:
    """Serve one phone's connection until it ends."""
    if GRAPHQL_TRANSPORT_WS_PROTOCOL not in socket.scope["subprotocols"]:
        await socket.accept()
        await socket.close(code=_NOT_ACCEPTABLE, reason="Subprotocol not acceptable")
        return
    await socket.accept(subprotocols=GRAPHQL_TRANSPORT_WS_PROTOCOL)
    await BaseGraphQLTransportWSHandler(
        view=_Doorkeeper(),  # type: ignore[arg-type]  # the handler asks nothing else of its view
        websocket=_JsonSocket(socket),
        context=Context(edge, socket.headers, edge.proxies.address_of(socket)),
        root_value=None,
        schema=schema,
        connection_init_wait_timeout=_PATIENCE,
        max_subscriptions_per_connection=MOST_OPERATIONS,
    ).handle()
