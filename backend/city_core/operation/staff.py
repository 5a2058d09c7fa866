"""Reads of the register of staff for operators: posts and standing; of a phone its last digits only."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Role

STAFF = frozenset(Role) - {Role.CITIZEN, Role.SYSTEM}
_FIELDS = {
    "name": 1, "role": 1, "department_id": 1, "street_codes": 1, "responsibility_grid_ids": 1, "disabled": 1,
    "on_duty": 1, "level": 1, "phone": 1,
}  # fmt: skip
_LONGEST_ID = 100


async def list_staff(
    city: City, role: Role | None, department: str | None, *, only_disabled: bool, most: int
) -> list[Row]:
    """List members of staff by their ids; citizens are nobody's to list."""
    wanted = [role.value] if role in STAFF else sorted(one.value for one in STAFF)
    query: Row = {"role": {"$in": wanted}}
    if department is not None:
        query["department_id"] = department
    if only_disabled:
        query["disabled"] = True
    rows = city.database.people.find(query, _FIELDS).sort("_id", 1).limit(most)
    return [told(row) async for row in rows]


async def find_staff(city: City, person_id: str) -> Row:
    """Show a member of staff with how many sign-ins and phones are open; raises PERSON_UNKNOWN."""
    query = {"_id": person_id[:_LONGEST_ID], "role": {"$in": sorted(one.value for one in STAFF)}}
    row: Row | None = await city.database.people.find_one(query, _FIELDS)
    if row is None:
        raise CityProblem("PERSON_UNKNOWN", field="personId")
    sessions = await city.database.sessions.count_documents({"person_id": row["_id"], "ended_at": None})
    devices = await city.database.devices.count_documents({"person_id": row["_id"]})
    return {
        **told(row),
        "grids": row.get("responsibility_grid_ids", []),
        "sign_ins": sessions,
        "phones": devices,
    }


def told(row: Row) -> Row:
    """Tell of a person what an operator needs."""
    return {
        "id": row["_id"], "name": row["name"], "role": row["role"], "department": row.get("department_id"),
        "streets": row.get("street_codes", []), "level": row.get("level", "DISTRICT"),
        "phone": masked(row.get("phone")), "disabled": row.get("disabled", False),
    }  # fmt: skip


def masked(phone: str | None) -> str:
    """Show of a phone number its last two digits."""
    return f"*{phone[-2:]}" if phone else "-"
