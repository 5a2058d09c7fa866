"""Inbox messages as they come."""

from __future__ import annotations

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
            seen = {row["_id"] for row in await _from_shortly_before(context, last) if row["_id"] <= last}
            while True:
                rows = await _from_shortly_before(context, last)
                fresh = [row for row in rows if row["_id"] not in seen]
                for row in fresh:
                    yield row
                seen = {row["_id"] for row in rows}
                last = max([last, *seen])
                if not fresh:
                    await anext(hints)
                    await context.look_again()


async def _newest(context: Context) -> str:
    page = await inbox(context.city, await context.actor(), first=1)
    return str(page.rows[0]["_id"]) if page.rows else "0" * _HEX_DIGITS_OF_TIME


async def _from_shortly_before(context: Context, message_id: str) -> list[Row]:
    millis = max(int(message_id[:_HEX_DIGITS_OF_TIME], 16) - _OVERLAP_MS, 0)
    return await messages_since(context.city, await context.actor(), f"{millis:0{_HEX_DIGITS_OF_TIME}x}")


def _checked(message_id: str) -> str:
    try:
        int(message_id[:_HEX_DIGITS_OF_TIME], 16)
    except ValueError as error:
        raise CityProblem("REQUEST_INVALID", field="since", allowed="the id of an inbox message") from error
    return message_id
