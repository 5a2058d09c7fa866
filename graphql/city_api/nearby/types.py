"""What and who is near, as phones see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.catalogue.types import CaseType
from city_api.enums import Datum, OfficerSkill, PointState
from city_api.nearby.words import POINT_STATE_NAMES, why_near
from city_api.people.types import Department
from city_api.rows import computed, stored
from city_core.places.components.model import ComponentState
from city_core.places.points.hours_text import write_hours
from city_core.places.points.model import PointState as State
from city_core.policy.may import Kind, Verb, may

if TYPE_CHECKING:
    from city_api.context import Context
    from city_core.cases.nearest_officers_rules import Ranked
    from city_core.kit.mongo import Row


@strawberry.type(description="Something more that the registry says of a point.")
class PointAttribute:
    name: str = computed(lambda pair, _: pair[0])
    value: str = computed(lambda pair, _: pair[1])


@strawberry.type(description="A point 点位 of a layer 图层, as seen from a place.")
class NearbyPoint:
    id: strawberry.ID = stored("_id")
    layer: str = stored("layer")
    code: str = stored("code")
    name_zh: str = stored("name_zh")
    name_en: str = computed(lambda row, _: row.get("name_en") or "")
    lng: float = stored("lng", "In the datum of the answer.")
    lat: float = stored("lat")
    datum: Datum = stored("datum")
    distance_m: float = stored("distance_m", "Over the ground, metres.")
    address: str = computed(lambda row, _: row.get("address") or "")
    state: PointState = stored("state")
    state_name: str = computed(
        lambda row, context: POINT_STATE_NAMES[State(row["state"])][context.language == "en"]
    )
    is_open_now: bool = stored("is_open_now", "Open 开放 at this moment.")
    next_change_at: datetime | None = stored(
        "next_change_at", "When it closes or opens next; nothing where it is always open, or out of use."
    )
    opening_hours: str = computed(
        lambda row, context: write_hours(row.get("opening_hours") or (), context.language),
        description="Opening hours 开放时间, such as 周一至周五 08:00-18:00.",
    )
    public_phone: str | None = computed(
        lambda row, _: row.get("phone") or None, description="To ring up whoever keeps it."
    )
    attributes: list[PointAttribute] = computed(lambda row, _: sorted((row.get("attributes") or {}).items()))
    grid_code: str | None = computed(lambda row, _: row.get("grid_code"))
    stream_address: str | None = computed(
        lambda row, _: row.get("stream_address") or None,
        description="Live picture of a camera 视频监控; for the city's staff.",
    )


def _type_of(row: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(row["type_code"]))


def _is_read(row: Row, context: Context) -> bool:
    return may(context.viewer, Verb.READ, Kind.COMPONENT, row)


def _department(key: str) -> Any:
    def show(row: Row, context: Context) -> Any:
        if not _is_read(row, context):
            return None
        return context.dictionary.then(lambda book: book.departments.get(row.get(key) or ""))

    return computed(show)


@strawberry.type(description="A component 部件, as seen from a place.")
class NearbyComponent:
    code: strawberry.ID = stored("_id")
    type_code: str = stored("type_code")
    type: CaseType | None = computed(_type_of)
    name_zh: str = computed(lambda row, _: row.get("name_zh") or "")
    lng: float = stored("lng", "In the datum of the answer.")
    lat: float = stored("lat")
    datum: Datum = stored("datum")
    distance_m: float = stored("distance_m", "Over the ground, metres.")
    state: ComponentState = stored("state")
    grid_code: str = stored("grid_code")
    owner_is_known: bool = computed(
        lambda row, _: row.get("owner_is_known", True), description="False: nobody owns up to it 权属不明."
    )
    owner_name: str | None = computed(
        lambda row, context: (_is_read(row, context) and row.get("owner_name_zh")) or None,
        description="Owner, keeper: for whoever reads the component in full.",
    )
    owner: Department | None = _department("owner_department_id")
    keeper: Department | None = _department("keeper_department_id")


def _officers_department(one: Ranked, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(one.person["department_id"] or ""))


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


@strawberry.type(description="An officer 处置人员 on duty, with all that was weighed.")
class NearbyOfficer:
    id: strawberry.ID = computed(lambda one, _: one.person["_id"])
    name: str = computed(lambda one, _: one.person["name"])
    department: Department | None = computed(_officers_department)
    distance_m: int | None = computed(
        lambda one, _: _rounded(one.way.distance_m), description="Nothing where nobody knows any more."
    )
    fix_age_minutes: int | None = computed(
        lambda one, _: _rounded(one.way.age_minutes),
        description="Age of the fix 定位; nothing where no phone reported one.",
    )
    accuracy_m: float | None = computed(lambda one, _: one.person.get("last_place_accuracy_m"))
    open_tasks: int = computed(lambda one, _: one.open_tasks, description="Tasks in hand 在办.")
    own_street: bool = computed(lambda one, _: one.own_street)
    skill: OfficerSkill = computed(lambda one, _: one.skill)
    counted_m: int = computed(
        lambda one, _: _rounded(one.counted_m),
        description="All in metres of way, as the rulebook nearest_officer weighs it; least is best.",
    )
    reason: str = computed(lambda one, context: why_near(one, context.language))


@strawberry.type(description="What is kept of where you are.")
class ReportedPosition:
    is_kept: bool = stored(
        "is_kept",
        "The latest of these is the one that stands; false: a later one does, or none was on duty.",
    )
    last_at: datetime | None = computed(
        lambda row, _: row.get("last_place_at"), description="When the fix that stands now was measured."
    )
    accuracy_m: float | None = computed(lambda row, _: row.get("last_place_accuracy_m"))
