"""What desks give along with an emergency."""

from __future__ import annotations

from datetime import datetime

import strawberry


@strawberry.input(description="Order of an emergency 应急状态 or of a drill 演练.")
class StartEmergencyInput:
    client_id: strawberry.ID
    profile: str = strawberry.field(description="A name of emergencyProfiles.")
    name: str
    area_codes: list[str] = strawberry.field(description="Districts, streets or communities that you lead.")
    ends_at: datetime = strawberry.field(description="When it ends by itself, thirty days on at most.")
    authority: str = strawberry.field(description="Who ordered it, and the number of the document 依据.")
    starts_at: datetime | None = strawberry.field(default=None, description="Left out: now.")
    is_drill: bool = False
    device_time: datetime | None = None


@strawberry.input(description="A later end of an emergency, with the reason.")
class ExtendEmergencyInput:
    client_id: strawberry.ID
    emergency_id: strawberry.ID
    ends_at: datetime
    reason: str
    device_time: datetime | None = None


@strawberry.input(description="End of an emergency, with the reason.")
class EndEmergencyInput:
    client_id: strawberry.ID
    emergency_id: strawberry.ID
    reason: str
    device_time: datetime | None = None


@strawberry.input(description="An emergency that is only thought of.")
class EmergencyPreviewInput:
    profile: str
    area_codes: list[str]
    is_drill: bool = False
