"""Reads of what phones need to be reached."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.push.types import SubscribeConsent
from city_core.kit.mongo import Row
from city_core.notify.consents.add import consents_left
from city_core.people.web_push_key import web_push_public_key


@strawberry.type
class PushQueries:
    @strawberry.field(
        description="The key that a browser subscribes with; null where browsers are not pushed to."
    )
    async def web_push_key(self, info: Info) -> str | None:
        return web_push_public_key(info.context.city.settings)

    @strawberry.field(
        graphql_type=list[SubscribeConsent],
        description="Templates to ask a person in WeChat for, with how many messages they still allow.",
    )
    async def subscribe_consents(self, info: Info, device_id: strawberry.ID) -> list[Row]:
        return await consents_left(info.context.city, await info.context.actor(), device_id)
