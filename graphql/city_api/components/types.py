"""A component 部件 as phones see it: as it is on record, as it stands here, and as the one of a case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.components.words import CHANGE_NAMES, COMPONENT_STATE_NAMES
from city_api.enums import State
from city_api.paging import PageInfo, page_info
from city_api.people.types import Department
from city_api.places.position import Position, position_of
from city_api.rows import computed, stored
from city_core.cases.components.here import ComponentHere as Here
from city_core.cases.components.of_case import ComponentOfCase
from city_core.census.changing import changed_parts
from city_core.kit.mongo import Row
from city_core.places.components.model import ComponentState
from city_core.policy.may import Kind, Verb, may

if TYPE_CHECKING:
    from city_api.context import Context

strawberry.enum(
    ComponentState, description="What became of a component 部件: 完好, 破损, 丢失, 废弃 or 移除."
)


def _department(field: str) -> Any:
    def find(component: Row, context: Context) -> Any:
        department_id = component.get(field) or ""
        return context.dictionary.then(lambda book: book.departments.get(department_id))

    return computed(find, needs=(field,), description=_DEPARTMENTS[field])


_DEPARTMENTS = {
    "authority_department_id": "In charge 主管部门.",
    "owner_department_id": "Owner 权属单位, where it is a department of the city.",
    "keeper_department_id": "Keeps it in order 养护单位.",
}


@strawberry.type(description="A component 部件 of the city, such as a manhole cover; for its staff.")
class Component:
    code: strawberry.ID = stored(
        "_id", "16 digits, 17 in the form of 2026: district, major and minor class, serial."
    )
    type_code: str = stored("type_code")
    name_zh: str = stored("name_zh")
    lng: float = computed(
        lambda row, _: row["point"]["coordinates"][0], needs=("point",), description="WGS-84, degrees."
    )
    lat: float = computed(lambda row, _: row["point"]["coordinates"][1], needs=("point",))
    position: Position | None = position_of("point")
    grid_code: str = stored("grid_code", "Unit grid 单元网格.")
    responsibility_grid_id: strawberry.ID = stored("responsibility_grid_id", "Responsibility grid 责任网格.")
    community_code: str | None = stored("community_code")
    street_code: str | None = stored("street_code")
    state: ComponentState = stored("state")
    state_name: str = computed(
        lambda row, context: COMPONENT_STATE_NAMES[row["state"]][context.language == "en"], needs=("state",)
    )
    owner_department_id: strawberry.ID | None = stored("owner_department_id")
    authority_department: Department | None = _department("authority_department_id")
    owner_department: Department | None = _department("owner_department_id")
    keeper_department: Department | None = _department("keeper_department_id")
    owner_name_zh: str | None = computed(
        lambda row, _: row.get("owner_name_zh") or None,
        needs=("owner_name_zh",),
        description="Owner that is no department of the city.",
    )
    owner_is_known: bool = computed(
        lambda row, _: row.get("owner_is_known", True),
        needs=("owner_is_known",),
        description="False: nobody owns up to it 权属不明.",
    )
    owner_unknown_since: datetime | None = stored("owner_unknown_since")
    note: str = computed(lambda row, _: row.get("note", ""), needs=("note",))
    version: int = stored("version")
    updated_at: datetime = stored("updated_at")
    checked_at: datetime | None = stored("checked_at", "When somebody last stood before it 最近核查.")
    is_invented: bool = stored("is_invented", "Made up for trying out, not surveyed.")


@strawberry.type(description="A case that a component had.")
class PastCase:
    id: strawberry.ID = stored("_id")
    number: str | None = stored("number")
    state: State = stored("state")
    type_code: str | None = stored("type_code")
    reported_at: datetime = stored("reported_at")
    closed_at: datetime | None = stored("closed_at")


def _is_read(here: Here, context: Context) -> bool:
    return may(context.viewer, Verb.READ, Kind.COMPONENT, here.component, cases_seen=here.past.count)


@strawberry.type(description="A component 部件 near a point.")
class ComponentHere:
    code: strawberry.ID = computed(lambda here, _: here.component["_id"])
    type_code: str = computed(lambda here, _: here.component["type_code"])
    name_zh: str = computed(lambda here, _: here.component["name_zh"])
    distance_m: float = computed(lambda here, _: here.component["distance_m"], description="Metres.")
    state: ComponentState | None = computed(
        lambda here, context: here.component["state"] if context.viewer.is_staff else None,
        description="For the city's staff.",
    )
    component: Component | None = computed(
        lambda here, context: here.component if _is_read(here, context) else None,
        description="For whoever reads it in full: of their grids, streets, department or cases.",
    )
    past_case_count: int | None = computed(
        lambda here, context: here.past.count if context.viewer.is_staff else None,
        description="Cases about it that you may see; nothing for citizens.",
    )
    past_cases: list[PastCase] = computed(
        lambda here, _: here.past.latest, description="The latest of them, 3 at most."
    )


@strawberry.type(description="One change of a component on record.")
class ComponentChange:
    seq: int = stored("seq", "The version that it led to.")
    kind: str = stored("kind", "ADDED, MOVED, CHANGED, RETIRED, CHECKED or IMPORTED.")
    kind_name: str = computed(lambda row, context: CHANGE_NAMES[row["kind"]][context.language == "en"])
    at: datetime = stored("at")
    person_name: str | None = computed(lambda row, context: context.names.name(row["person_id"]), later=True)
    changed: list[str] = computed(
        lambda row, _: changed_parts(row), description="Of point, state, name and departments."
    )
    note: str = computed(lambda row, _: row.get("note") or "")
    media_ids: list[strawberry.ID] = computed(
        lambda row, _: row.get("media_ids") or [], description="Photos of it: under /media/{id} for staff."
    )
    campaign_id: strawberry.ID | None = stored("campaign_id", "The census 普查 that it belongs to.")


@strawberry.type(description="A component with its changes, the latest last, and its cases.")
class ComponentOnRecord:
    component: Component = computed(lambda here, _: here.component)
    changes: list[ComponentChange] = computed(lambda here, _: here.component["history"])
    past_case_count: int = computed(lambda here, _: here.past.count)
    past_cases: list[PastCase] = computed(lambda here, _: here.past.latest)


@strawberry.type(description="A page of components.")
class ComponentConnection:
    nodes: list[Component] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


def _of_component(name: str) -> Any:
    def read(found: ComponentOfCase, _: Any) -> Any:
        return None if found.component is None else found.component[name]

    return read


def _is_seen_in_case(found: ComponentOfCase, context: Context) -> bool:
    row = found.component
    return row is not None and may(context.viewer, Verb.READ, Kind.COMPONENT, row, cases_seen=1)


@strawberry.type(description="The component 部件 that a case is about, by the code in its report.")
class CaseComponent:
    code: str = computed(lambda found, _: found.code, description="As it was given.")
    is_known: bool = computed(
        lambda found, _: found.component is not None, description="False: the code is of no component."
    )
    type_code: str | None = computed(_of_component("type_code"))
    name_zh: str | None = computed(_of_component("name_zh"))
    distance_m: float | None = computed(
        lambda found, _: found.distance_m,
        description="From the place of the case to where it stands, metres.",
    )
    is_far: bool = computed(
        lambda found, _: found.is_far, description="More than 100 m away: check the code."
    )
    component: Component | None = computed(
        lambda found, context: found.component if _is_seen_in_case(found, context) else None,
        description="For the city's staff.",
    )
    files_as: str | None = computed(
        lambda found, context: found.files_as if context.viewer.is_staff else None,
        description="For staff: nobody owns up to this cover, file it as this type 不明井盖.",
    )


__all__ = ["CaseComponent", "Component", "ComponentConnection", "ComponentHere", "ComponentOnRecord", "Here"]
