"""What desks give along when they decide on what machines saw, or let machines in."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_core.eye.model import SourceKind


@strawberry.input(description="A machine source that may hand in frames.")
class CreateMachineSourceInput:
    client_id: strawberry.ID
    name: str
    kind: SourceKind
    street_codes: list[str] = strawberry.field(
        default_factory=list, description="Where it may hand in frames; none: the whole city."
    )
    frames_per_minute: int = 6_000
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="A step on a machine source.")
class MachineSourceInput:
    client_id: strawberry.ID
    source_id: strawberry.ID
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="Confirming an event 确认: a case is made of it.")
class ConfirmEventInput:
    client_id: strawberry.ID
    event_id: strawberry.ID
    type_code: str | None = strawberry.field(default=None, description="Another type than the class's.")
    condition_id: str | None = None
    opinion: str = ""
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="Dismissing an event 排除.")
class DismissEventInput:
    client_id: strawberry.ID
    event_id: strawberry.ID
    reason: str = strawberry.field(description="1 to 200 characters.")
    device_time: datetime | None = None
    base_version: int | None = None
