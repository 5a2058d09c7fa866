"""Acknowledging inbox messages."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.context import Info
from city_api.notify.types import InboxMessage
from city_api.results import result_of
from city_core.kit.mongo import Row
from city_core.notify.read import mark_read


@strawberry.input(description="A message that was read.")
class MarkReadInput:
    message_id: strawberry.ID
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.type
class NotifyMutations:
    @strawberry.mutation(
        graphql_type=result_of("MarkRead", InboxMessage), description="Mark a message as read 已读."
    )
    async def mark_read(self, info: Info, input: MarkReadInput) -> Row:
        return await mark_read(info.context.city, await info.context.actor(), input.message_id)
