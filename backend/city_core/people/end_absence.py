"""Somebody comes back before their absence was to end."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.plan_rights import note_change, person_to_plan_for
from city_core.people.roles import Actor


async def end_absence(city: City, actor: Actor, absence_id: str) -> Row:
    """End an absence now; the first time counts, and one that is over stays as it is."""
    absence: Row | None = await city.database.absences.find_one({"_id": absence_id})
    if absence is None:
        raise _unknown()
    try:
        await person_to_plan_for(city, actor, absence["person_id"], self_too=True)
    except CityProblem as problem:
        raise _unknown() from problem
    now = city.clock.now()
    still_on = {"_id": absence_id, "ended_at": None, "ends_at": {"$gt": now}}
    done = await city.database.absences.update_one(still_on, {"$set": {"ended_at": now}})
    if done.modified_count:
        await note_change(city, actor, absence["person_id"], "absence ended")
    ended: Row | None = await city.database.absences.find_one({"_id": absence_id})
    assert ended is not None
    return ended


def _unknown() -> CityProblem:
    return CityProblem("ABSENCE_UNKNOWN", field="absenceId", allowed="an absence of yours or of your streets")
