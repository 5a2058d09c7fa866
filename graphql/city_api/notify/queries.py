"""Reads of the inbox."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.notify.types import InboxConnection, NotificationPreferences
from city_core.notify.preferences import preferences_of
from city_core.notify.queries import inbox


@strawberry.type
class NotifyQueries:
    @strawberry.field(graphql_type=InboxConnection, description="Your inbox 收件箱, the newest first.")
    async def inbox(self, info: Info, first: int = 20, after: str | None = None) -> object:
        return await inbox(info.context.city, await info.context.actor(), first=first, after=after)

    @strawberry.field(
        graphql_type=NotificationPreferences, description="How and when hints may reach you 通知设置."
    )
    async def notification_preferences(self, info: Info) -> object:
        actor = await info.context.actor()
        return await preferences_of(info.context.city, actor.person_id)
