"""Checks routing rules against what the city has: departments, people, types, modules, places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from city_core.cases.routing_checks import TABLE
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.rulebook.store import rows_numbered
from city_core.kit.rulebook.tables import Content, Fault
from city_core.people.queries import departments, officers_named
from city_core.places.queries import known_divisions, known_grids

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Known:
    """What a routing rule may name."""

    departments: Collection[str]
    department_of_officer: Mapping[str, str]
    types: Collection[str]
    modules: Collection[str]
    divisions: Collection[str]
    grids: Collection[str]


async def check_routing_in_city(city: City, content: Content) -> list[Fault]:
    """Name every row that sends to, or speaks of, what the city does not have."""
    rows = content[TABLE]
    catalogue = (await catalogue_of(city)).rules
    known = _Known(
        departments={row["_id"] for row in await departments(city) if not row.get("disabled")},
        department_of_officer=await officers_named(city, _named(rows, "officer_ids")),
        types=catalogue.types,
        modules=catalogue.modules,
        divisions=await known_divisions(city, _named(rows, "street_codes") | _named(rows, "community_codes")),
        grids=await known_grids(city, _named(rows, "grid_codes")),
    )
    return [fault for number, row in rows_numbered(rows) for fault in _faults_of(number, row, known)]


def _named(rows: Collection[Row], column: str) -> set[str]:
    return {word for row in rows for word in row[column]}


def _faults_of(number: int, row: Row, known: _Known) -> Iterator[Fault]:
    department_id = row["department_id"]
    if row["enabled"] and department_id not in known.departments:
        zh, en = f"没有部门{department_id!r}", f"unknown department {department_id!r}"
        yield Fault(TABLE, number, "department_id", zh, en)
    for officer_id in row["officer_ids"]:
        if row["enabled"] and known.department_of_officer.get(officer_id) != department_id:
            zh, en = f"该部门没有处置人员{officer_id!r}", f"the department has no officer {officer_id!r}"
            yield Fault(TABLE, number, "officer_ids", zh, en)
    yield from _unknown_words(number, row, known)


def _unknown_words(number: int, row: Row, known: _Known) -> Iterator[Fault]:
    def is_prefix(word: str) -> bool:
        return any(code.startswith(word) for code in known.types)

    asked: tuple[tuple[str, Callable[[str], bool], str, str], ...] = (
        ("type_prefixes", is_prefix, "没有以其开头的类别", "no type begins with"),
        ("modules", lambda word: word in known.modules, "没有专项", "unknown module"),
        ("street_codes", lambda word: word in known.divisions, "没有街道", "unknown street"),
        ("community_codes", lambda word: word in known.divisions, "没有社区", "unknown community"),
        ("grid_codes", lambda word: word in known.grids, "没有网格", "unknown grid"),
    )
    for column, is_known, zh, en in asked:
        for word in row[column]:
            if not is_known(word):
                yield Fault(TABLE, number, column, f"{zh}{word!r}", f"{en} {word!r}")
