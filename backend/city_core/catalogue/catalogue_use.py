"""What a new catalogue may not break in the city: departments, seasons, and the cases there are."""

from __future__ import annotations

from collections.abc import Iterator

from city_core.catalogue.calendar import calendar_of
from city_core.kit.city import City
from city_core.kit.rulebook.store import rows_numbered, versions_in_force
from city_core.kit.rulebook.tables import Content, Fault

_WITH_SEASON = ("filing_conditions", "default_limits", "module_types")


async def check_catalogue_in_city(city: City, content: Content) -> list[Fault]:
    """Name departments and seasons that there are not, and types taken out that cases still have."""
    departments = {row["_id"] async for row in city.database.departments.find({}, {"_id": 1})}
    seasons = set((await calendar_of(city)).rules.seasons)
    return [
        *department_faults(content, departments),
        *season_faults(content, seasons),
        *await _lost_types(city, content),
    ]


def department_faults(content: Content, departments: set[str]) -> Iterator[Fault]:
    """Name the conditions with a default department that there is not."""
    for number, row in rows_numbered(content["filing_conditions"]):
        for name in row["departments"]:
            if name not in departments:
                yield Fault("filing_conditions", number, "departments", f"没有部门{name}",
                            f"there is no department {name}")  # fmt: skip


def season_faults(content: Content, seasons: set[str]) -> Iterator[Fault]:
    """Name the limits that are counted in a season that there is not."""
    for table in _WITH_SEASON:
        for number, row in rows_numbered(content[table]):
            if row["season"] is not None and row["season"] not in seasons:
                yield Fault(table, number, "season", f"日历中没有季节{row['season']}",
                            f"the calendar has no season {row['season']}")  # fmt: skip


async def _lost_types(city: City, content: Content) -> list[Fault]:
    """Types that cases have must keep their names: they are ended, not taken out."""
    version = (await versions_in_force(city)).get("catalogue", 0)
    before = await city.database.rulebook_versions.find_one(
        {"_id": f"catalogue:{version}"}, {"content.case_types.code": 1}
    )
    old = {row["code"] for row in before["content"]["case_types"]} if before else set()
    gone = sorted(old - {row["code"] for row in content["case_types"]})
    used = [code for code in gone if await city.database.cases.find_one({"type_code": code}, {"_id": 1})]
    return [
        Fault("case_types", None, "code", f"已有案件使用{code}，不能删除；请填写 valid_to",
              f"cases have the type {code}: do not take it out, give it a valid_to")
        for code in used
    ]  # fmt: skip
