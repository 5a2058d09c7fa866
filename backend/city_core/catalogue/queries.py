"""Reads of the catalogue: types and their filing conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import versions_in_force

_CATALOGUE = "catalogue"


async def case_types(city: City, kind: str | None = None) -> list[Row]:
    """List the types of components and events, in the order of their codes."""
    query = {} if kind is None else {"kind": kind}
    return await city.database.case_types.find(query).sort("_id", 1).to_list(None)


async def filing_conditions(city: City, type_codes: Collection[str]) -> dict[str, list[Row]]:
    """List the filing conditions of some types, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    cursor = city.database.filing_conditions.find({"type_code": {"$in": list(type_codes)}})
    async for row in cursor.sort([("type_code", 1), ("position", 1)]):
        found[row["type_code"]].append(row)
    return found


async def checked_type(city: City, type_code: str | None, condition_id: str | None) -> Row | None:
    """Accept a type and a condition of that very type; answers the condition row, if one was named."""
    if type_code is None:
        if condition_id is not None:
            raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="the type that the condition is of")
        return None
    if await city.database.case_types.find_one({"_id": type_code}, {"_id": 1}) is None:
        raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="a code of caseTypes, such as E0110")
    if condition_id is None:
        return None
    condition: Row | None = await city.database.filing_conditions.find_one(
        {"_id": condition_id, "type_code": type_code}
    )
    if condition is None:
        raise CityProblem("CONDITION_UNKNOWN", field="conditionId", allowed="a condition of this type")
    return condition


async def types_by_module(city: City) -> dict[str, frozenset[str]]:
    """List the types of every named module 专项 of the catalogue in force."""
    in_force = (await versions_in_force(city)).get(_CATALOGUE, 0)
    query, fields = {"_id": f"{_CATALOGUE}:{in_force}"}, {"content.modules": 1, "content.module_types": 1}
    stored = await city.database.rulebook_versions.find_one(query, fields)
    content = stored["content"] if stored else {}
    members: dict[str, set[str]] = {row["module"]: set() for row in content.get("modules", ())}
    for row in content.get("module_types", ()):
        members.setdefault(row["module"], set()).add(row["type_code"])
    return {name: frozenset(codes) for name, codes in members.items()}
