"""A component that is on no map yet is put on record by whoever stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from city_core.cases.command import Command, input_hash
from city_core.cases.photos import checked_photos
from city_core.catalogue.catalogue import catalogue_of
from city_core.catalogue.queries import today
from city_core.census.campaigns.running import running_campaign
from city_core.census.changing import reused, seen_at
from city_core.census.departments import GivenDepartments, checked_departments
from city_core.census.rights import refuse_other_grid, refuse_other_posts
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.places.components.model import ComponentState
from city_core.places.components.queries import components_near
from city_core.places.components.record import Deed, change_row
from city_core.places.components.serials import added_before, insert_with_code
from city_core.places.days import city_day
from city_core.places.locate import GivenPoint, locate_standing

NEAR_M = 3.0
_FOUND_AS = (ComponentState.IN_USE, ComponentState.DAMAGED)


@dataclass(frozen=True)
class ComponentDraft:
    """A component as a phone gives it: what, where, in which state, whose, with photos of it.

    `even_so`: the person has seen that another one of its type stands beside it.
    """

    type_code: str
    point: GivenPoint
    media_ids: Sequence[str]
    name_zh: str = ""
    state: str = ComponentState.IN_USE.value
    departments: GivenDepartments = field(default_factory=GivenDepartments)
    note: str = ""
    even_so: bool = False


async def add_component(city: City, actor: Actor, command: Command, draft: ComponentDraft) -> Row:
    """Put a new component on record under the next code of its type, once per client id.

    Refuses COMPONENT_NEAR where one of its type stands within 3 m, unless it was said to be another one.
    """
    refuse_other_posts(actor)
    mark = input_hash("component:ADDED", asdict(draft))
    added_by = f"{actor.person_id}:{command.client_id}"
    if (known := await added_before(city, added_by)) is not None:
        return _stored_answer(known, mark)
    try:
        component = await _new_component(city, actor, command, draft, mark)
        kept = await _keep(city, draft, {**component, "added_by": added_by})
    except CityProblem:
        # The same command, carried out at the same moment, may be what stands in the way.
        if (known := await added_before(city, added_by)) is not None:
            return _stored_answer(known, mark)
        raise
    return _stored_answer(kept, mark)


async def _keep(city: City, draft: ComponentDraft, component: Row) -> Row:
    async def look_around() -> None:
        if not draft.even_so:
            await _refuse_near(city, component["point"], draft.type_code)

    district_code = component.pop("district_code")
    return await insert_with_code(city, district_code, component, look_around)


async def _new_component(city: City, actor: Actor, command: Command, draft: ComponentDraft, mark: str) -> Row:
    at = seen_at(city, command)
    row_type = await _checked_component_type(city, draft.type_code)
    name_zh = checked_text(draft.name_zh, field="nameZh", most=30) or row_type["name_zh"]
    if draft.state not in _FOUND_AS:
        raise CityProblem("REQUEST_INVALID", field="state", allowed=", ".join(_FOUND_AS))
    place = await locate_standing(city, draft.point)
    refuse_other_grid(actor, place["responsibility_grid_id"], field="point")
    media_ids = await checked_photos(city, actor, draft.media_ids, least=1)
    departments = await checked_departments(city, draft.departments)
    note = checked_text(draft.note, field="note", most=500)
    values = {
        "type_code": draft.type_code, "name_zh": name_zh, "state": draft.state, **standing_at(place),
        **_without_owner(at), **departments,
    }  # fmt: skip
    campaign_id = await running_campaign(city, place["grid_code"], draft.type_code, at)
    deed = Deed("ADDED", actor.person_id, command.client_id, mark, note, media_ids, campaign_id)
    now = city.clock.now()
    return {
        **values, "data_source": "SURVEYED", "changed_on": city_day(at), "note": note, "version": 1,
        "updated_at": now, "checked_at": at, "is_invented": False,
        "history": [change_row(deed, 1, now, {}, values)], "district_code": place["district_code"],
    }  # fmt: skip


def standing_at(place: Row) -> Row:
    """See a place as part of a component: as it was given, in WGS-84, and the grid that it lies in."""
    names = ("datum", "accuracy_m", "source")
    given = {"lng": place["given_lng"], "lat": place["given_lat"], **{name: place[name] for name in names}}
    parts = ("point", "cell", "grid_code", "responsibility_grid_id", "community_code", "street_code")
    return {"given": given, **{name: place[name] for name in parts}}


def _without_owner(at: datetime) -> Row:
    return {
        "authority_department_id": None, "owner_department_id": None, "owner_name_zh": "",
        "keeper_department_id": None, "owner_is_known": False, "owner_unknown_since": at,
    }  # fmt: skip


async def _checked_component_type(city: City, type_code: str) -> Row:
    catalogue = (await catalogue_of(city)).rules
    row = catalogue.type(type_code)
    if row is None or row["kind"] != "component" or not catalogue.is_valid(type_code, today(city)):
        raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="a component of caseTypes, such as C0102")
    return row


async def _refuse_near(city: City, point: Row, type_code: str) -> None:
    found = await components_near(city, point, within_m=NEAR_M, first=1, type_code=type_code)
    if found:
        told = f"{found[0]['_id']} is {found[0]['distance_m']:.1f} m away; evenSo if this is another one"
        raise CityProblem("COMPONENT_NEAR", field="point", allowed=told)


def _stored_answer(component: Row, mark: str) -> Row:
    added = next((row for row in component["history"] if row["kind"] == "ADDED"), None)
    if added is not None and added["input_hash"] != mark:
        raise reused()
    return component
