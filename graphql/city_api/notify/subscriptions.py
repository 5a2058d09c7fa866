"""Inbox messages as they come."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import strawberry

from city_api.context import Context, Info
from city_api.notify.types import InboxMessage
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.notify.queries import inbox, messages_since
from city_core.people.standing import person_channel

# Two workers' clocks differ a little, so that a message may come to lie shortly before one already told.
_OVERLAP_MS = 5_000
_HEX_DIGITS_OF_TIME = 12
_PAGE = 100


@strawberry.type
class NotifySubscriptions:
    @strawberry.subscription(
        graphql_type=InboxMessage,
        description="Your inbox messages as they come; `since` names the last one you have, to miss none.",
    )
    async def inbox_messages(
        self, info: Info, since: strawberry.ID | None = None
    ) -> AsyncGenerator[Row, None]:
        context = info.context
        actor = await context.actor()
        channels = f"inbox:{actor.person_id}", person_channel(actor.person_id)
        async with context.city.waker.listen(*channels) as hints:
            last = _checked(since) if since is not None else await _newest(context)
            seen = {row["_id"] async for row in _from_shortly_before(context, last) if row["_id"] <= last}
            while True:
                found = set()
                async for row in _from_shortly_before(context, last):
                    found.add(row["_id"])
                    if row["_id"] not in seen:
                        yield row
                last = max([last, *found])
                seen = {message_id for message_id in found if message_id > _shortly_before(last)}
                await anext(hints)
                await context.look_again()


async def _newest(context: Context) -> str:
    page = await inbox(context.city, await context.actor(), first=1)
    return str(page.rows[0]["_id"]) if page.rows else "0" * _HEX_DIGITS_OF_TIME


async def _from_shortly_before(context: Context, message_id: str) -> AsyncGenerator[Row, None]:
    start = _shortly_before(message_id)
    while True:
        rows = await messages_since(context.city, await context.actor(), start, most=_PAGE)
        for row in rows:
            yield row
        if len(rows) < _PAGE:
            return
        start = rows[-1]["_id"]


def _shortly_before(message_id: str) -> str:
    millis = max(int(message_id[:_HEX_DIGITS_OF_TIME], 16) - _OVERLAP_MS, 0)
    return f"{millis:0{_HEX_DIGITS_OF_TIME}x}"


def _checked(message_id: str) -> str:
    if re.fullmatch(r"[0-9a-f]{12,64}", message_id) is None:
        raise CityProblem("REQUEST_INVALID", field="since", allowed="the id of an inbox message")
    return message_id
