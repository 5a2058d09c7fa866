"""A phone on duty says where it is: the latest fix is kept on the person, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.positions import WORTH_KEEPING, Fix, checked_fixes, fix_to_keep
from city_core.people.queries import duty_of
from city_core.people.roles import Actor, Role

IN_THE_FIELD = frozenset({Role.INSPECTOR, Role.OFFICER})
FORGOTTEN: Row = {"last_place": None, "last_place_at": None, "last_place_accuracy_m": None}
_KEPT = {"last_place_at": 1, "last_place_accuracy_m": 1}


async def report_position(city: City, actor: Actor, fixes: Sequence[Fix]) -> Row:
    """Keep the latest of some fixes of somebody in the field; one that comes late overwrites no later one.

    Repeated, or out of order, it leads to the same. Answers `last_place_at` and `last_place_accuracy_m` of
    the fix that stands now, and `is_kept`: it is the latest of these. Whoever is off duty, absent or outside
    their shift is refused (NOT_ALLOWED, field `duty`), and what was known of their place is forgotten. Other
    refusals: POSITION_INVALID, NOT_ALLOWED for other posts.
    """
    if actor.role not in IN_THE_FIELD:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(IN_THE_FIELD)))
    now = city.clock.now()
    rows = checked_fixes(fixes, now)
    person = await _person(city, actor)
    duty = await duty_of(city, [actor.person_id], now)
    if not duty.may_be_told(person, now):
        await forget_position(city, actor.person_id)
        raise CityProblem("NOT_ALLOWED", field="duty", allowed="on duty, not absent, within the shift")
    kept = fix_to_keep(rows, now, lambda at: duty.may_be_told(person, at))
    if kept is None:
        return {**person, "is_kept": False}
    stands = await _keep(city, actor, kept) or await _person(city, actor)
    return {**stands, "is_kept": stands.get("last_place_at") == kept["last_place_at"]}


async def forget_old_positions(city: City) -> int:
    """Forget where people were who have told nothing for twelve hours; answers how many."""
    old = {"last_place_at": {"$lt": city.clock.now() - WORTH_KEEPING}}
    return int((await city.database.people.update_many(old, {"$set": FORGOTTEN})).modified_count)


async def forget_position(city: City, person_id: str) -> None:
    """Forget where a person was last seen."""
    reported = {"_id": person_id, "last_place_at": {"$type": "date"}}
    await city.database.people.update_one(reported, {"$set": FORGOTTEN})


async def _person(city: City, actor: Actor) -> Row:
    fields = {"on_duty": 1, "disabled": 1, **_KEPT}
    person: Row | None = await city.database.people.find_one({"_id": actor.person_id}, fields)
    if person is None:
        raise CityProblem("SIGN_IN_REQUIRED")
    return person


async def _keep(city: City, actor: Actor, fix: Row) -> Row | None:
    """Write a fix unless a later one stands already: one conditional write, whatever comes at once."""
    earlier = {"$or": [{"last_place_at": None}, {"last_place_at": {"$lt": fix["last_place_at"]}}]}
    query = {"_id": actor.person_id, "on_duty": True, "disabled": False, **earlier}
    written: Row | None = await city.database.people.find_one_and_update(
        query, {"$set": fix}, _KEPT, return_document=True
    )
    return written
