"""Counting what a person allows in WeChat."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.context import Info
from city_api.push.types import SubscribeConsents
from city_api.results import result_of
from city_core.kit.mongo import Row
from city_core.notify.consents.add import add_consents


@strawberry.input(description="Templates that a person in WeChat just said yes to.")
class AddSubscribeConsentsInput:
    client_id: strawberry.ID
    device_id: strawberry.ID = strawberry.field(description="Registered for WECHAT.")
    template_ids: list[str] = strawberry.field(description="Those that were accepted, 3 at most.")
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.type
class PushMutations:
    @strawberry.mutation(
        graphql_type=result_of("AddSubscribeConsents", SubscribeConsents),
        description="Count one more subscribe message 订阅消息 for each template.",
    )
    async def add_subscribe_consents(self, info: Info, input: AddSubscribeConsentsInput) -> list[Row]:
        return await add_consents(
            info.context.city,
            await info.context.actor(),
            input.client_id,
            device_id=input.device_id,
            template_ids=input.template_ids,
        )
