"""Acknowledging inbox messages, and how hints may come."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.notify.inputs import AcknowledgeMessageInput, MarkReadInput, NotificationPreferencesInput
from city_api.notify.types import InboxMessage, NotificationPreferences
from city_api.results import result_of
from city_core.kit.ids import checked_client_id
from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row
from city_core.notify.acknowledge import acknowledge_message
from city_core.notify.read import mark_read
from city_core.notify.set_preferences import set_preferences


@strawberry.type
class NotifyMutations:
    @strawberry.mutation(
        graphql_type=result_of("MarkRead", InboxMessage), description="Mark a message as read 已读."
    )
    async def mark_read(self, info: Info, input: MarkReadInput) -> Row:
        return await mark_read(info.context.city, await info.context.actor(), input.message_id)

    @strawberry.mutation(
        graphql_type=result_of("AcknowledgeMessage", InboxMessage),
        description="Say how far a message of yours has come: delivered, read, accepted or refused 回执.",
    )
    async def acknowledge_message(self, info: Info, input: AcknowledgeMessageInput) -> Row:
        return await acknowledge_message(
            info.context.city,
            await info.context.actor(),
            input.message_id,
            input.state,
            reason=input.reason,
            device_time=checked_instant(input.device_time),
            client_id=None if input.client_id is None else checked_client_id(input.client_id),
        )

    @strawberry.mutation(
        graphql_type=result_of("SetNotificationPreferences", NotificationPreferences),
        description="Say how and when hints may reach you 通知设置; what is urgent comes all the same.",
    )
    async def set_notification_preferences(self, info: Info, input: NotificationPreferencesInput) -> Row:
        return await set_preferences(
            info.context.city,
            await info.context.actor(),
            info.context.command_of(input),
            quiet_from=input.quiet_from,
            quiet_to=input.quiet_to,
            muted_kinds=[kind.value for kind in input.muted_kinds],
            language=input.language,
        )
