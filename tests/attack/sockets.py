"""Connections: who is let in, what a page elsewhere gets, and hostile variables of what is looked on at."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.api.support import closing, hear, say
from tests.attack.drawing import drawn
from tests.attack.hostile import Hostility
from tests.attack.judging import Heard
from tests.attack.owasp import ELSEWHERE, Check
from tests.attack.town import PEOPLE, Town
from tests.conftest import REPOSITORY

_MANIFEST = REPOSITORY / "mobile_contracts" / "manifest.json"
_PROTOCOL = "graphql-transport-ws"
_EXAMPLES, _SEED = 2, 7
_WELCOME = '{"type":"connection_ack"}'
_QUIET_SECONDS = 0.15  # a subscription that was taken may have nothing to say


async def sign_in_of_a_connection(town: Town, actor: str) -> str | None:
    """A connection is opened by a sign-in that stands, and by nothing else."""
    async with town.production.socket(_PROTOCOL) as socket:
        await say(socket, {"type": "connection_init", "payload": town.headers[actor]})
        heard = await _next(socket)
    if (actor in PEOPLE) != (heard == _WELCOME):
        return f"heard {heard[:200]}"
    return None


async def connection_from_elsewhere(town: Town, actor: str) -> str | None:
    """A page elsewhere has neither a token nor a cookie that would do: its connection is closed."""
    more = {"cookie": f"authorization={town.headers[actor].get('authorization', '')}"}
    async with town.production.socket(_PROTOCOL, origin=ELSEWHERE, additional_headers=more) as socket:
        await say(socket, {"type": "connection_init"})
        code, reason = await closing(socket)
    return None if 4400 <= code < 4500 else f"closed with {code} {reason}"


async def hostile_subscriptions(town: Town, actor: str) -> str | None:
    """Published subscriptions with hostile variables: an error or nothing, never a failure."""
    sly, blunt = _payloads(json.dumps(town.ids))
    for payloads in (sly, *([payload] for payload in blunt)):  # a blunt one mostly ends its connection
        sent = json.dumps(payloads) + json.dumps(payloads, ensure_ascii=False)
        async for heard in _answers(town, actor, payloads):
            fault = town.judge(actor, heard, sent)
            if fault is not None or "closed 4500" in heard.words:
                return f"{fault or heard.words} <- {sent[:300]}"
    return None


CHECKS: Mapping[str, Check] = {
    "sign-in of a connection": sign_in_of_a_connection,
    "connection from elsewhere": connection_from_elsewhere,
    "hostile subscriptions": hostile_subscriptions,
}


async def _answers(town: Town, actor: str, payloads: Sequence[Any]) -> AsyncIterator[Heard]:
    async with town.production.socket(_PROTOCOL) as socket:
        await say(socket, {"type": "connection_init", "payload": town.headers[actor]})
        words = await _next(socket)
        yield Heard(0, words)
        if words != _WELCOME:
            return
        for number, payload in enumerate(payloads):
            await say(socket, {"id": str(number), "type": "subscribe", "payload": payload})
        while words:
            began = time.perf_counter()
            words = await _next(socket, _QUIET_SECONDS)
            yield Heard(0, words, time.perf_counter() - began)
            if words.startswith("closed"):
                return


@cache
def _payloads(ids: str) -> tuple[list[Any], list[Any]]:
    manifest = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    rows = {row["body"]: row["id"] for row in manifest["operations"] if row["type"] == "subscription"}
    made: list[list[Any]] = []
    for is_blunt in (False, True):
        hostility = Hostility(json.loads(ids), blunt=is_blunt)
        made.append([
            {"documentId": sha256, "variables": variables}
            for text, sha256 in rows.items()
            for variables in drawn(hostility.variables_of(text), _EXAMPLES, _SEED)
        ])  # fmt: skip
    return made[0], made[1]


async def _next(socket: ClientConnection, seconds: float = 15.0) -> str:
    """Hear the next message as it was written, nothing in time, or with what the connection was closed."""
    try:
        return json.dumps(await hear(socket, seconds), ensure_ascii=False, separators=(",", ":"))
    except TimeoutError:
        return ""
    except ConnectionClosed as closed:
        return f"closed {closed.rcvd.code} {closed.rcvd.reason}" if closed.rcvd is not None else "closed"
