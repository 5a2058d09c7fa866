"""What is given along with signs and with the state of points."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.inputs import PointInput
from city_api.enums import PointState


@strawberry.input(description="A new sign 标牌: for a component, for a point, or for a place with a name.")
class NewSignInput:
    component_code: str | None = strawberry.field(default=None, description="Code of a component 部件编码.")
    point_id: strawberry.ID | None = strawberry.field(default=None, description="A point 点位 of a layer.")
    place: PointInput | None = strawberry.field(default=None, description="Any place; it needs a name.")
    name: str = strawberry.field(default="", description="At most 40 characters; blank: that of its thing.")
    address: str = strawberry.field(default="", description="At most 200 characters.")


@strawberry.input(description="Signs to be made, at most 500: all of them or none.")
class MakeSignsInput:
    client_id: strawberry.ID
    signs: list[NewSignInput]
    device_time: datetime | None = None


@strawberry.input(description="A sign to be taken out of use.")
class DisableSignInput:
    client_id: strawberry.ID
    sign_id: strawberry.ID
    note: str = strawberry.field(default="", description="Why; at most 200 characters.")
    device_time: datetime | None = None


@strawberry.input(description="How a point is now: IN_USE or CLOSED.")
class SetPointStateInput:
    client_id: strawberry.ID
    point_id: strawberry.ID
    state: PointState
    note: str = strawberry.field(default="", description="At most 200 characters; not for citizens.")
    device_time: datetime | None = None
    base_version: int | None = strawberry.field(
        default=None, description="Not asked for: whoever stands there last has the last word."
    )
