"""The departments of a component: in charge 主管, owning 权属 and keeping 养护."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text


@dataclass(frozen=True)
class GivenDepartments:
    """The departments as they were given; None leaves one as it is, an owner that is none has a name."""

    authority_department_id: str | None = None
    owner_department_id: str | None = None
    owner_name_zh: str | None = None
    keeper_department_id: str | None = None

    @property
    def names_owner(self) -> bool:
        return bool(self.owner_department_id or (self.owner_name_zh or "").strip())

    def row(self) -> Row:
        return asdict(self)


async def checked_departments(city: City, given: GivenDepartments) -> Row:
    """Accept departments of the city; answers what is to be kept. Who names an owner makes it known."""
    ids = {name: value for name, value in asdict(given).items() if name.endswith("_id") and value}
    found = city.database.departments.find({"_id": {"$in": sorted(set(ids.values()))}}, {"_id": 1})
    known = {row["_id"] async for row in found}
    for name, value in ids.items():
        if value not in known:
            field = name.split("_")[0] + "DepartmentId"
            raise CityProblem("DEPARTMENT_UNKNOWN", field=field, allowed="a department of the city")
    values: Row = dict(ids)
    if given.names_owner:
        name_zh = checked_text(given.owner_name_zh, field="ownerNameZh", most=100)
        values |= {"owner_department_id": given.owner_department_id, "owner_name_zh": name_zh}
        values |= {"owner_is_known": True, "owner_unknown_since": None}
    return values


def owner_unknown(component: Row, at: datetime) -> Row:
    """Put on record that nobody owns up to a component: since when is kept."""
    since = component.get("owner_unknown_since") or at
    return {
        "owner_department_id": None, "owner_name_zh": "", "owner_is_known": False,
        "owner_unknown_since": since,
    }  # fmt: skip
