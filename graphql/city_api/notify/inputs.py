"""What phones give about their messages."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import Acknowledgement, NoticeKind


@strawberry.input(description="A message that was read.")
class MarkReadInput:
    message_id: strawberry.ID
    client_id: strawberry.ID | None = None
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="How far a message has come with you 回执.")
class AcknowledgeMessageInput:
    message_id: strawberry.ID
    state: Acknowledgement
    client_id: strawberry.ID | None = None
    reason: str | None = strawberry.field(default=None, description="Why it is refused: 1 to 200 characters.")
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="How and when hints may reach you, as a whole.")
class NotificationPreferencesInput:
    client_id: strawberry.ID
    quiet_from: str | None = strawberry.field(default=None, description="Beijing time, such as 22:00.")
    quiet_to: str | None = strawberry.field(
        default=None, description="Such as 06:30; may be on the next day."
    )
    muted_kinds: list[NoticeKind] = strawberry.field(default_factory=list)
    language: str | None = strawberry.field(default=None, description="zh or en.")
    device_time: datetime | None = None
    base_version: int | None = None
