"""Reads about duty for those who plan it: who is on duty, shifts to come, absences that are not over."""

from __future__ import annotations

from datetime import datetime

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.plan_rights import WITHOUT_DUTY, person_to_plan_for
from city_core.people.queries import people_on_duty
from city_core.people.roles import Actor

_MOST_ROWS = 100


async def who_is_on_duty(city: City, actor: Actor, street_code: str, at: datetime) -> list[Row]:
    """List who is on duty for one of the actor's own streets."""
    if actor.role in WITHOUT_DUTY or street_code not in actor.street_codes:
        raise CityProblem(
            "NOT_ALLOWED", field="streetCode", allowed=", ".join(sorted(actor.street_codes)) or None
        )
    found = await people_on_duty(city, street_code, at)
    shown = Subject(Kind.PEOPLE, street_code, [row["_id"] for row in found])
    await record(city, actor, Deed(Verb.STAFF_LISTED, shown))
    return found


async def shifts_of(city: City, actor: Actor, person_id: str | None) -> list[Row]:
    """List the shifts of a person that are not over, the next one first."""
    return await _not_over(city, actor, "shifts", person_id)


async def absences_of(city: City, actor: Actor, person_id: str | None) -> list[Row]:
    """List the absences of a person that are not over, the next one first."""
    return [row for row in await _not_over(city, actor, "absences", person_id) if row["ended_at"] is None]


async def _not_over(city: City, actor: Actor, collection: str, person_id: str | None) -> list[Row]:
    whose = person_id or actor.person_id
    await person_to_plan_for(city, actor, whose, self_too=True)
    query = {"person_id": whose, "ends_at": {"$gt": city.clock.now()}}
    rows = city.database[collection].find(query).sort("starts_at", 1)
    found = await rows.limit(_MOST_ROWS).to_list(_MOST_ROWS)
    if whose != actor.person_id:
        theirs = Deed(Verb.ABSENCES_READ, Subject(Kind.PERSON, whose), detail=collection)
        await record(city, actor, theirs)
    return found
