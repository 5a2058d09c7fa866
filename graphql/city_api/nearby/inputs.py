"""What phones give to find what is near, and to say where they are."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import Datum


@strawberry.input(description="Something that a point must have, as in its registry.")
class PointAttributeInput:
    name: str
    value: str


@strawberry.input(description="A place as the phone measured it 定位.")
class FixInput:
    lng: float
    lat: float
    at: datetime = strawberry.field(description="When it was measured, by the phone's clock.")
    datum: Datum = Datum.WGS84
    accuracy_m: float | None = strawberry.field(default=None, description="Metres.")


@strawberry.input(description="Where you are: 1 to 50 fixes, in any order; only the latest is kept.")
class ReportPositionInput:
    fixes: list[FixInput]
    client_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Not needed: what is sent twice or late changes nothing. With it, the outcome is logged.",
    )
    device_time: datetime | None = None
    base_version: int | None = None
