"""What phones give to look after components."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.inputs import PointInput
from city_core.places.components.model import ComponentState


@strawberry.input(description="A component 部件 that is not on record yet.")
class AddComponentInput:
    client_id: strawberry.ID
    type_code: str
    point: PointInput
    media_ids: list[strawberry.ID] = strawberry.field(
        description="Photos of it, at least one; their bytes may still be on their way."
    )
    name_zh: str = strawberry.field(default="", description="Blank: the name of its type.")
    state: ComponentState = ComponentState.IN_USE
    authority_department_id: strawberry.ID | None = None
    owner_department_id: strawberry.ID | None = strawberry.field(
        default=None, description="Left out, with no owner's name: nobody is known to own it."
    )
    owner_name_zh: str | None = None
    keeper_department_id: strawberry.ID | None = None
    note: str = ""
    even_so: bool = strawberry.field(
        default=False, description="Another one of this type stands within 3 m, and this is not it."
    )
    device_time: datetime | None = None
    base_version: int | None = None


@strawberry.input(description="A command on a component.")
class ComponentInput:
    client_id: strawberry.ID
    component_code: strawberry.ID
    device_time: datetime | None = None
    base_version: int | None = strawberry.field(
        default=None, description="The version of the component that the person saw."
    )


@strawberry.input(description="Where a component stands now.")
class MoveComponentInput(ComponentInput):
    point: PointInput
    note: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.input(description="What is to be otherwise of a component; what is left out stays.")
class ChangeComponentInput(ComponentInput):
    name_zh: str | None = None
    state: ComponentState | None = strawberry.field(
        default=None, description="IN_USE, DAMAGED or MISSING; retireComponent takes it out of use."
    )
    authority_department_id: strawberry.ID | None = None
    owner_department_id: strawberry.ID | None = None
    owner_name_zh: str | None = None
    keeper_department_id: strawberry.ID | None = None
    owner_is_known: bool | None = strawberry.field(
        default=None, description="False: nobody owns up to it 权属不明."
    )
    note: str | None = None
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.input(description="A component is out of use 废弃, or was taken away 移除.")
class RetireComponentInput(ComponentInput):
    state: ComponentState = strawberry.field(description="ABANDONED or REMOVED.")
    reason: str
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.input(description="A component was looked at on the spot 核查.")
class CheckComponentInput(ComponentInput):
    state: ComponentState = strawberry.field(description="As it was found; MISSING: it is not there.")
    note: str = ""
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.input(description="Who owns a component: a department, or somebody by name.")
class SettleOwnerInput(ComponentInput):
    department_id: strawberry.ID | None = None
    owner_name_zh: str | None = None
    keeper_department_id: strawberry.ID | None = None
    note: str = ""
