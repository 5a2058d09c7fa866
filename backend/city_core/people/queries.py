"""Reads about people: names, departments, and who is on duty for a place."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Role


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
        rows = await city.database.people.find(query, {"last_place": 1}).to_list(200)
        found += [row for row in rows if row["_id"] not in {seen["_id"] for seen in found}]
        if len(found) >= 2:
            break
    return found


async def officers_of(city: City, department_id: str) -> list[Row]:
    """List a department's officers on duty, with where they were last seen."""
    query = {
        "department_id": department_id, "role": Role.OFFICER.value, "on_duty": True, "disabled": False,
    }  # fmt: skip
    fields = {"last_place": 1, "street_codes": 1}
    return await city.database.people.find(query, fields).to_list(500)


async def on_post_in(city: City, role: Role, street_code: str, *, most: int) -> list[str]:
    """Name the people on duty on a post in a street, `most` of them at most."""
    query = {"role": role.value, "street_codes": street_code, "on_duty": True, "disabled": False}
    rows = city.database.people.find(query, {"_id": 1}).sort("_id", 1).limit(most)
    return [row["_id"] async for row in rows]


async def officer(city: City, person_id: str) -> Row | None:
    """Find one officer by id, on duty or not."""
    query = {"_id": person_id, "role": Role.OFFICER.value, "disabled": False}
    return await city.database.people.find_one(query, {"department_id": 1, "street_codes": 1})
