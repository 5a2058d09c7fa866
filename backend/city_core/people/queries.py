"""Reads about people: names, departments, and who is on duty for a place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.duty import Duty, week_of
from city_core.people.roles import ADMINISTRATION, Role

_MOST_PEOPLE = 500
_DUTY_FIELDS = {"on_duty": 1, "disabled": 1}
_PLACE_FIELDS = {"last_place": 1, "last_place_at": 1}
_NEAREST_OFFICERS = 100
_OFFICERS_ANYWHERE = 50
_MOST_WAY_M = 50_000


async def names_of(city: City, person_ids: Collection[str]) -> dict[str, str]:
    """Tell the names of some people, by id."""
    rows = city.database.people.find({"_id": {"$in": list(person_ids)}}, {"name": 1})
    return {row["_id"]: row["name"] async for row in rows}


async def departments(city: City) -> list[Row]:
    """List the departments with what they answer for."""
    return await city.database.departments.find({}).sort("_id", 1).to_list(None)


async def inspectors_of(city: City, responsibility_grid_id: str, street_code: str) -> list[Row]:
    """List the inspectors on duty for a grid; when there are not two, those of the whole street."""
    found: list[Row] = []
    for area in ({"responsibility_grid_ids": responsibility_grid_id}, {"street_codes": street_code}):
        query = {"role": Role.INSPECTOR.value, "on_duty": True, "disabled": False, **area}
        rows = await city.database.people.find(query, {**_PLACE_FIELDS, **_DUTY_FIELDS}).to_list(200)
        seen = {row["_id"] for row in found}
        found += [row for row in await present(city, rows) if row["_id"] not in seen]
        if len(found) >= 2:
            break
    return found


async def leaders_of(city: City, street_code: str) -> list[Row]:
    """List the leaders on duty who answer for a street, with all the streets that they answer for."""
    query = {
        "role": Role.LEADER.value, "street_codes": street_code, "on_duty": True, "disabled": False,
    }  # fmt: skip
    return await city.database.people.find(query, {"street_codes": 1}).to_list(100)


async def officers_of(city: City, department_id: str) -> list[Row]:
    """List a department's officers on duty, with where they were last seen."""
    query = {
        "department_id": department_id, "role": Role.OFFICER.value, "on_duty": True, "disabled": False,
    }  # fmt: skip
    fields = {"street_codes": 1, **_PLACE_FIELDS, **_DUTY_FIELDS}
    return await present(city, await city.database.people.find(query, fields).to_list(_MOST_PEOPLE))


async def officers_near(city: City, department_ids: Collection[str], point: Row) -> list[Row]:
    """List officers of some departments on duty: the 100 last seen nearest to a WGS-84 point.

    Where those are fewer, also 50 of whom no place is known.
    """
    query: Row = {
        "department_id": {"$in": sorted(department_ids)}, "role": Role.OFFICER.value, "on_duty": True,
        "disabled": False,
    }  # fmt: skip
    fields = {
        "name": 1, "department_id": 1, "street_codes": 1, "last_place_accuracy_m": 1, **_PLACE_FIELDS,
        **_DUTY_FIELDS,
    }  # fmt: skip
    near = {"$nearSphere": {"$geometry": point, "$maxDistance": _MOST_WAY_M}}
    people = city.database.people
    found = await people.find({**query, "last_place": near}, fields).limit(_NEAREST_OFFICERS).to_list(None)
    if len(found) < _NEAREST_OFFICERS:
        unseen = people.find({**query, "last_place": None}, fields).sort("_id", 1).limit(_OFFICERS_ANYWHERE)
        found += await unseen.to_list(None)
    return await present(city, found)


async def on_post_in(city: City, role: Role, street_code: str, *, most: int) -> list[str]:
    """Name the people on duty on a post in a street, `most` of them at most."""
    query = {"role": role.value, "street_codes": street_code, "on_duty": True, "disabled": False}
    rows = city.database.people.find(query, {"_id": 1}).sort("_id", 1).limit(most)
    return [row["_id"] async for row in rows]


async def officer(city: City, person_id: str) -> Row | None:
    """Find one officer by id, on duty or not."""
    query = {"_id": person_id, "role": Role.OFFICER.value, "disabled": False}
    return await city.database.people.find_one(query, {"department_id": 1, "street_codes": 1})


async def officers_named(city: City, person_ids: Collection[str]) -> dict[str, str]:
    """Tell the departments of those of these people who are officers, on duty or not."""
    if not person_ids:
        return {}
    query = {"_id": {"$in": sorted(person_ids)}, "role": Role.OFFICER.value, "disabled": False}
    rows = city.database.people.find(query, {"department_id": 1})
    return {row["_id"]: row["department_id"] async for row in rows}


async def on_shift(city: City, person_ids: Collection[str], at: datetime) -> set[str]:
    """Name those of some people who work a planned shift at an instant."""
    duty = await duty_of(city, person_ids, at)
    return {person_id for person_id in person_ids if duty.shift_of(person_id, at) is not None}


async def duty_of(city: City, person_ids: Collection[str], at: datetime) -> Duty:
    """Read the shifts of the week and the absences of the moment of some people."""
    theirs = {"person_id": {"$in": sorted(person_ids)}}
    begins, ends = week_of(at)
    this_week = {**theirs, "starts_at": {"$lt": ends}, "ends_at": {"$gt": begins}}
    now = {**theirs, "starts_at": {"$lte": at}, "ends_at": {"$gt": at}, "ended_at": None}
    shifts = await city.database.shifts.find(this_week).to_list(None)
    absences = await city.database.absences.find(now).to_list(None)
    return Duty(_by_person(shifts), _by_person(absences))


async def present(city: City, people: Sequence[Row]) -> list[Row]:
    """Keep the people who may be told something now; the absent and those off shift are passed over."""
    if not people:
        return []
    at = city.clock.now()
    duty = await duty_of(city, [row["_id"] for row in people], at)
    return [row for row in people if duty.may_be_told(row, at)]


async def people_on_duty(city: City, street_code: str, at: datetime) -> list[Row]:
    """List the staff on duty 值班 for a street at an instant, each with the end of their shift if planned."""
    posts = sorted(set(Role) - {Role.CITIZEN, Role.SYSTEM} - ADMINISTRATION)
    query = {"role": {"$in": posts}, "street_codes": street_code, "on_duty": True}
    fields = {"name": 1, "role": 1, "department_id": 1, **_DUTY_FIELDS}
    people = await city.database.people.find(query, fields).sort("_id", 1).to_list(_MOST_PEOPLE)
    duty = await duty_of(city, [row["_id"] for row in people], at)
    on_duty = [row for row in people if duty.may_be_told(row, at)]
    return [{**row, "shift_ends_at": _end_of(duty.shift_of(row["_id"], at))} for row in on_duty]


def _end_of(shift: Any) -> datetime | None:
    return shift["ends_at"] if shift is not None else None


def _by_person(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row)
    return found
