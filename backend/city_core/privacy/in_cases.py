"""A person's part in cases: their own reports to take along, and cases left without them."""

from __future__ import annotations

from city_core.cases.record import COLLECTION
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Later
from city_core.privacy.holder import Holder

_TRIES = 5
_PAUSE_SECONDS = 10.0
_NEVER_MASKED = ("_id", "version", "state")
_OF_THE_CASE = (
    "_id", "number", "state", "type_code", "description", "place", "reported_at", "filed_at", "closed_at",
)  # fmt: skip
_OF_A_STEP = ("action", "at", "device_time", "made_at", "origin", "opinion")


async def cases_to_take(city: City, holder: Holder) -> list[Row]:
    """List what somebody reported, with their own steps; what others did and who they are stays out."""
    rows = city.database[COLLECTION].find({"people_involved": holder.person_id}).sort("_id", 1)
    return [_own_part(case, holder.person_id) async for case in rows]


def _own_part(case: Row, person_id: str) -> Row:
    is_own = case["reporter_id"] == person_id
    told = {name: case.get(name) for name in _OF_THE_CASE if is_own or name not in ("description", "place")}
    steps = [row for row in case["history"] if row["person_id"] == person_id]
    joined = [row for row in case.get("joined_reports") or () if row["reporter_id"] == person_id]
    return {
        **told,
        "rating": case.get("rating") if is_own else None,
        "photos": [row["media_id"] for row in case["photos"] if row["added_by"] == person_id],
        "steps": [{name: row.get(name) for name in _OF_A_STEP} for row in steps],
        "joined_reports": [{"description": row["description"], "at": row["at"]} for row in joined],
    }


async def leave_cases(city: City, holder: Holder) -> int:
    """Put the reference in the place of a person in every case; answers how many cases were changed.

    The case, its history and its work stay as they are otherwise. Each is written only as it was read, so
    that no step of somebody else is undone.
    """
    changed = 0
    ways = [{"people_involved": holder.person_id}, {"reporter_id": holder.person_id}]
    for way in ways:
        async for row in city.database[COLLECTION].find(way, {"_id": 1}):
            changed += await _leave(city, holder, row["_id"])
    return changed


async def _leave(city: City, holder: Holder, case_id: str) -> int:
    for _ in range(_TRIES):
        case = await city.database[COLLECTION].find_one({"_id": case_id})
        if case is None:
            return 0
        fields = {name: value for name, value in case.items() if name not in _NEVER_MASKED}
        masked = {name: holder.masked(value) for name, value in fields.items()}
        if masked.get("reporter_id") == holder.reference:
            masked = _without_phone_of_reporter(masked)
        values = {name: value for name, value in masked.items() if value != fields[name]}
        if not values:
            return 0
        same = {"_id": case_id, **{name: fields[name] for name in values}}
        if (await city.database[COLLECTION].update_one(same, {"$set": values})).modified_count:
            return 1
    raise Later(_PAUSE_SECONDS, "a case is being changed all the time", counts=False)


def _without_phone_of_reporter(case: Row) -> Row:
    """Drop what only their phone said: how far it was from the sign, when its clock says a step was."""
    ours = {row["person_id"] for row in case["history"] if row["person_id"].startswith("gone:")}
    bare = {"device_time": None, "made_at": None, "origin": "phone"}
    history = [{**row, **bare} if row["person_id"] in ours else row for row in case["history"]]
    sign = case.get("sign")
    return {**case, "history": history, "sign": {**sign, "phone_distance_m": 0} if sign else sign}
