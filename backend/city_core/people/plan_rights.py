"""Who may plan somebody's shifts and absences, and which periods make sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import ADMINISTRATION, SEATS, Actor, Role

PLANNERS = SEATS | {Role.LEADER}
WITHOUT_DUTY = frozenset({Role.CITIZEN, Role.SYSTEM}) | ADMINISTRATION


def may_plan_for(actor: Actor, person: Mapping[str, Any]) -> bool:
    """Tell whether somebody may plan for a person: seats and leaders do, for the staff of their streets."""
    if actor.role not in PLANNERS or person["role"] in WITHOUT_DUTY:
        return False
    return bool(actor.street_codes & set(person["street_codes"]))


def planned_for_filter(actor: Actor) -> Row:
    """Give the filter of the people whom somebody may plan for."""
    if actor.role not in PLANNERS:
        return {"_id": None}
    return {
        "role": {"$nin": sorted(WITHOUT_DUTY)}, "street_codes": {"$in": sorted(actor.street_codes)},
    }  # fmt: skip


async def person_to_plan_for(city: City, actor: Actor, person_id: str, *, self_too: bool) -> Row:
    """Find a person whom the actor may plan for; anybody else looks as if they were not there."""
    if actor.role in WITHOUT_DUTY:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(set(Role) - WITHOUT_DUTY)))
    if actor.role not in PLANNERS and not (self_too and person_id == actor.person_id):
        own = ", or anybody for themselves" if self_too else ""
        raise CityProblem("NOT_ALLOWED", field="personId", allowed=", ".join(sorted(PLANNERS)) + own)
    fields = {"role": 1, "street_codes": 1, "department_id": 1}
    person: Row | None = await city.database.people.find_one({"_id": person_id, "disabled": False}, fields)
    is_self = self_too and person_id == actor.person_id
    if person is None or not (is_self or may_plan_for(actor, person)):
        raise CityProblem("PERSON_UNKNOWN", field="personId", allowed="a member of staff of your streets")
    return person


async def note_change(city: City, actor: Actor, person_id: str, what: str, command_id: str = "") -> None:
    """Put on record that somebody changed shifts or absences of another person; one's own are not."""
    if person_id != actor.person_id:
        whose = Subject(Kind.PERSON, person_id)
        await record(city, actor, Deed(Verb.DUTY_CHANGED, whose, detail=what, command_id=command_id))


def check_period(starts_at: datetime, ends_at: datetime, longest: timedelta, *, field: str) -> None:
    """Refuse a period that ends before it begins, or that is too long."""
    if not timedelta(0) < ends_at - starts_at <= longest:
        raise CityProblem(
            "DUTY_PERIOD_INVALID", field=field, allowed=f"up to {_told(longest)} after its start"
        )


def _told(longest: timedelta) -> str:
    return f"{longest.days} days" if longest.days > 1 else f"{longest.total_seconds() / 3600:.0f} hours"
