"""Hints that something changed in one's scopes."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry

from city_api.context import Info
from city_api.sync.types import SyncHint
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.sync.news import channels_of, newest
from city_core.sync.scopes import SyncScope


@strawberry.type
class SyncSubscriptions:
    @strawberry.subscription(
        graphql_type=SyncHint,
        description="Each scope once at the start, and again whenever something changed there: pull it then.",
    )
    async def sync_hints(self, info: Info, scopes: list[SyncScope]) -> AsyncGenerator[Row, None]:
        context, chosen = info.context, list(dict.fromkeys(scopes))
        if not chosen:
            raise CityProblem("REQUEST_INVALID", field="scopes", allowed=", ".join(SyncScope))
        actor = await context.actor()
        told: dict[SyncScope, tuple[int, str]] = {}
        while True:
            channels = channels_of(actor, chosen) or [f"sync:nothing:{actor.person_id}"]
            async with context.city.waker.listen(*channels) as hints:
                # Whose grids change listens on other channels from then on.
                while channels == (channels_of(actor, chosen) or channels):
                    found = await newest(context.city, actor, chosen)
                    for scope, mark in found.items():
                        if told.get(scope) != mark:
                            yield {"scope": scope, "seq": mark[0]}
                    told = found
                    await anext(hints)
                    actor = await context.look_again()
