"""An absence 请假 is put on record, with a deputy where there is one."""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.marks import input_hash
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.plan_rights import check_period, note_change, person_to_plan_for
from city_core.people.roles import Actor

_LONGEST = timedelta(days=366)


async def set_absence(
    city: City,
    actor: Actor,
    client_id: str,
    *,
    person_id: str | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    deputy_id: str | None = None,
) -> Row:
    """Let a person be passed over from one instant to another: oneself, or staff of one's streets."""
    absent = person_id or actor.person_id
    row = await _set(city, actor, client_id, absent, starts_at, ends_at, reason, deputy_id)
    await note_change(city, actor, absent, "absence", client_id)
    return row


async def _set(
    city: City,
    actor: Actor,
    client_id: str,
    absent: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    deputy_id: str | None,
) -> Row:
    said = checked_text(reason, field="reason", most=200, least=1)
    mark = input_hash("set_absence", {
        "person": absent, "from": starts_at, "to": ends_at, "reason": said, "deputy": deputy_id,
    })  # fmt: skip
    known = await _stored_answer(city, actor, client_id, mark)
    if known is not None:
        return known
    check_period(starts_at, ends_at, _LONGEST, field="endsAt")
    if ends_at <= city.clock.now():
        raise CityProblem("DUTY_PERIOD_INVALID", field="endsAt", allowed="an instant that is still to come")
    person = await person_to_plan_for(city, actor, absent, self_too=True)
    await _check_deputy(city, person, deputy_id)
    row = {
        "_id": new_id(), "person_id": absent, "starts_at": starts_at, "ends_at": ends_at, "reason": said,
        "deputy_id": deputy_id, "set_by": actor.person_id, "set_at": city.clock.now(), "ended_at": None,
        "client_id": client_id, "input_hash": mark,
    }  # fmt: skip
    try:
        await city.database.absences.insert_one(row)
    except DuplicateKeyError:
        stored = await _stored_answer(city, actor, client_id, mark)
        assert stored is not None
        return stored
    return row


async def _stored_answer(city: City, actor: Actor, client_id: str, mark: str) -> Row | None:
    query = {"set_by": actor.person_id, "client_id": client_id}
    known: Row | None = await city.database.absences.find_one(query)
    if known is not None and known["input_hash"] != mark:
        raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
    return known


async def _check_deputy(city: City, person: Row, deputy_id: str | None) -> None:
    """A deputy has the same post in the same department and shares a street with the absent person."""
    if deputy_id is None:
        return
    query = {
        "_id": deputy_id, "disabled": False, "role": person["role"],
        "department_id": person["department_id"], "street_codes": {"$in": person["street_codes"]},
    }  # fmt: skip
    known = await city.database.people.find_one(query, {"_id": 1})
    if known is None or deputy_id == person["_id"]:
        raise CityProblem("PERSON_UNKNOWN", field="deputyId", allowed="a colleague of the same post and area")
