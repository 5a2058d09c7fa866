"""Subscribes to everything over real connections, as everybody, to own, foreign and missing objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.api.policy.actors import ACTORS
from tests.api.policy.answers import Answers, Cell, code_of, documents_of, the_schema
from tests.api.policy.asking import NO_OBJECT
from tests.api.policy.seeded import FOREIGN, MISSING, OWN, Ids
from tests.api.support import Api, hear, say

CONNECTION = "WEBSOCKET /graphql"
_OBJECTS = {"caseChanged": "caseId", "inboxMessages": "messageId"}
_ARGUMENTS = {"caseChanged": "id", "inboxMessages": "since"}
_PLAIN = {"syncHints": "scopes: [MY_REPORTS]"}


def socket_cells() -> set[Cell]:
    """Name every cell that there has to be of connections and subscriptions."""
    named = {(f"Subscription.{name}", whose, who) for name, whose in _asked() for who in ACTORS}
    return named | {(CONNECTION, NO_OBJECT, who) for who in ACTORS}


async def ask_sockets(api: Api, answers: Answers, ids: Ids, headers: Mapping[str, Any]) -> None:
    """Open one connection each, and note what the first message of every subscription says."""
    answers.kinds |= {f"Subscription.{name}": kind for name, kind in _OBJECTS.items()}
    for who in ACTORS:
        for name, whose in _asked():
            texts = documents_of("Subscription", name, _argument(name, whose, ids))
            answers.asked.update(*(asked for _, asked in texts))
        await _ask_as(api, answers, ids, who, headers[who])


async def _ask_as(api: Api, answers: Answers, ids: Ids, who: str, headers: Mapping[str, str]) -> None:
    async with api.socket("graphql-transport-ws") as socket:
        await say(socket, {"type": "connection_init", "payload": dict(headers)})
        try:
            told = await hear(socket)
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            for name, whose in _asked():
                answers.note((f"Subscription.{name}", whose, who), closed.rcvd.reason, closed.rcvd.reason)
            answers.note((CONNECTION, NO_OBJECT, who), f"{closed.rcvd.code} {closed.rcvd.reason}", "")
            return
        answers.note((CONNECTION, NO_OBJECT, who), str(told["type"]), "")
        for number, (name, whose) in enumerate(_asked()):
            texts = documents_of("Subscription", name, _argument(name, whose, ids))
            for part, (text, _) in enumerate(texts):
                key = f"{number}-{part}"
                query = {"query": f"subscription {text}"}
                await say(socket, {"id": key, "type": "subscribe", "payload": query})
                message = await hear(socket)
                while message["id"] != key:  # of one that was given up meanwhile
                    message = await hear(socket)
                await say(socket, {"id": key, "type": "complete"})
                _note(answers, (f"Subscription.{name}", whose, who), message, is_first=part == 0)


def _note(answers: Answers, cell: Cell, message: Mapping[str, Any], *, is_first: bool) -> None:
    payload = message["payload"]
    errors = payload if isinstance(payload, list) else payload.get("errors")
    outcome = " ".join(sorted({code_of(one["extensions"]) for one in errors})) if errors else "shown"
    if not errors:
        answers.note_fields("Subscription", payload, cell[2])
    if is_first:
        answers.note(cell, outcome, str(payload))


def _asked() -> Iterator[tuple[str, str]]:
    for name in the_schema().type_map["Subscription"].fields:  # type: ignore[attr-defined]
        for whose in (OWN, FOREIGN, MISSING) if name in _OBJECTS else (NO_OBJECT,):
            yield name, whose


def _argument(name: str, whose: str, ids: Ids) -> str:
    if name not in _OBJECTS:
        return _PLAIN[name]
    return f'{_ARGUMENTS[name]}: "{ids[_OBJECTS[name]][whose]}"'
