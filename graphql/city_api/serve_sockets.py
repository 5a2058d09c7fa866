"""GraphQL over WebSocket: graphql-transport-ws only, signed in by the first message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import WebSocket
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage
from strawberry.types.unset import UNSET

from city_api.context import Context, Edge
from city_api.guard.charge import OPENING
from city_api.problems import log_unexpected, seen_as_problem
from city_api.schema import CitySchema
from city_api.sockets.closing import CloseCode
from city_api.sockets.open_sockets import OpenSockets, Seat
from city_api.sockets.phone_socket import PhoneSocket
from city_core.kit.problems import CityProblem
from city_core.people.standing import hold_sign_in


class _Doorkeeper:
    """Lets a connection in when its first message carries a valid sign-in."""

    def __init__(self, socket: PhoneSocket, seat: Seat) -> None:
        self._socket = socket
        self._seat = seat

    async def on_ws_connect(self, context: Context) -> Any:
        try:
            points, person_id = OPENING, context.person_id
            await context.edge.tills.charge(points, person_id=person_id, address=context.address)
            actor = await context.actor()
        except CityProblem as problem:
            await self._socket.refuse(problem)
            raise ConnectionRejectionError({"code": problem.code}) from problem
        self._seat.hold(hold_sign_in(actor, context.token))
        context.seat = self._seat
        return UNSET


class _Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Speaks graphql-transport-ws with one phone."""

    most_operations: int
    phone: PhoneSocket

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        is_new = message["id"] not in self.operations
        if self.connection_acknowledged and is_new and len(self.operations) >= self.most_operations:
            await self.phone.refuse(CityProblem("TOO_MANY_SUBSCRIPTIONS"))
            return
        await super().handle_subscribe(message)

    async def handle_task_exception(self, error: Exception) -> None:
        log_unexpected(error)


async def serve_socket(
    socket: WebSocket[Any, Any, Any], edge: Edge, schema: CitySchema, sockets: OpenSockets
) -> None:
    """Serve one phone's connection until it ends."""
    phone = PhoneSocket(socket, sockets.rules.send_seconds, edge.documents)
    if GRAPHQL_TRANSPORT_WS_PROTOCOL not in socket.scope["subprotocols"]:
        await socket.accept()
        await phone.close(CloseCode.WRONG_PROTOCOL, "graphql-transport-ws")
        return
    await socket.accept(subprotocols=GRAPHQL_TRANSPORT_WS_PROTOCOL)
    seat = sockets.take(phone.refuse)
    if seat is None:
        await phone.refuse(CityProblem("BUSY"))
        return
    try:
        context = Context(edge, socket.headers, edge.proxies.address_of(socket))
        await _handler(phone, seat, context, schema, sockets).handle()
    except Exception as error:
        problem = seen_as_problem(error)
        if problem.code == "UNEXPECTED":
            log_unexpected(error)
        await phone.refuse(problem)
    finally:
        sockets.leave(seat)


def _handler(
    phone: PhoneSocket, seat: Seat, context: Context, schema: CitySchema, sockets: OpenSockets
) -> _Handler:
    handler = _Handler(
        view=_Doorkeeper(phone, seat),  # type: ignore[arg-type]  # the handler asks nothing else of its view
        websocket=phone,
        context=context,
        root_value=None,
        schema=schema,
        connection_init_wait_timeout=timedelta(seconds=sockets.rules.first_message_seconds),
    )
    handler.phone = phone
    handler.most_operations = sockets.rules.most_operations
    return handler
