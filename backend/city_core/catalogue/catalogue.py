"""The catalogue in use: types of the standards in force, their filing conditions, limits and modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from city_core.catalogue.catalogue_checks import check_catalogue
from city_core.catalogue.catalogue_tables import CATALOGUE_TABLES
from city_core.catalogue.catalogue_use import check_catalogue_in_city
from city_core.catalogue.limits import AREA_CLASSES, Limit
from city_core.kit.city import City
from city_core.kit.rulebook.store import Opened, Rulebook, open_rules
from city_core.kit.rulebook.tables import Content

Row = dict[str, Any]
AreaLimits = Mapping[str, Limit]


@dataclass(frozen=True)
class Catalogue:
    """One version of the catalogue, made ready for use; rows carry their code or id as `_id`."""

    standards: Mapping[str, Row]
    types: Mapping[str, Row]
    modules: Mapping[str, Row]
    _periods: Sequence[Row]
    _periods_of: Mapping[str, Sequence[Row]]
    _conditions_by_type: Mapping[str, Sequence[Row]]
    _conditions: Mapping[str, Row]
    _members: Mapping[str, Mapping[str, Row]]
    _member_limits: Mapping[tuple[str, str], AreaLimits]
    _condition_limits: Mapping[str, AreaLimits]
    _default_limits: Mapping[str, AreaLimits]
    _same: Mapping[tuple[str, str], str]

    def type(self, code: str) -> Row | None:
        """Find a type, valid today or not: old cases still show theirs."""
        return self.types.get(code)

    def is_valid(self, code: str, day: date) -> bool:
        """Tell whether a case may be filed under a type on a day."""
        return any(_is_valid(row, day) for row in self._periods_of.get(code, ()))

    def offered(
        self, day: date, *, kind: str | None = None, standard: str | None = None, module: str | None = None
    ) -> list[Row]:
        """List the types to choose from on a day: those in use, those of one standard, or of a module."""
        members = self._members.get(module, {}) if module is not None else None

        def fits(row: Row) -> bool:
            if members is not None and row["_id"] not in members:
                return False
            if standard is not None:
                return bool(row["standard"] == standard)
            return members is not None or bool(self.standards[row["standard"]]["offered"])

        return [
            row for row in self._periods if _is_valid(row, day) and kind in (None, row["kind"]) and fits(row)
        ]

    def conditions(self, type_code: str) -> Sequence[Row]:
        """List the filing conditions of a type: its own, or those of the type that it is handled as."""
        return self._conditions_by_type.get(self._with_conditions(type_code), ())

    def _with_conditions(self, type_code: str) -> str:
        return type_code if type_code in self._conditions_by_type else self.handled_as(type_code)

    def condition(self, condition_id: str) -> Row | None:
        """Find a filing condition."""
        return self._conditions.get(condition_id)

    def limit(
        self, type_code: str, condition_id: str | None, area_class: str | None, module: str | None = None
    ) -> Limit | None:
        """Give the limit of a case, the module's own one first; None where a condition must be chosen."""
        own = self._member_limits.get((module or "", type_code))
        if own is not None:
            return _for_area(own, area_class)
        condition = self._conditions.get(condition_id or "")
        if condition is not None and condition["type_code"] == self._with_conditions(type_code):
            return _for_area(self._condition_limits[condition["_id"]], area_class)
        known = self.type(type_code)
        if known is None or self.conditions(type_code):
            return None
        return _for_area(self._default_limits[known["kind"]], area_class)

    def module_in_force(self, type_code: str) -> str | None:
        """Name the first module that is switched on and has its own limit for a type."""
        names = (name for name in self.modules_of(type_code) if (name, type_code) in self._member_limits)
        return next((name for name in names if self.modules[name]["enabled"]), None)

    def module_types(self, name: str) -> list[Row]:
        """List the types of a module with what it says about each; empty for an unknown module."""
        return list(self._members.get(name, {}).values())

    def modules_of(self, type_code: str) -> list[str]:
        """Name the modules that a type is in."""
        return [name for name, members in self._members.items() if type_code in members]

    def equivalent(self, code: str, standard: str) -> str | None:
        """Name the same type in another standard, if it has one there."""
        known = self.type(code)
        if known is not None and known["standard"] == standard:
            return code
        return self._same.get((code, standard))

    def same_as(self, code: str) -> list[str]:
        """Name the same type in all other standards."""
        return [other for (known, _), other in self._same.items() if known == code]

    def handled_as(self, code: str) -> str:
        """Name the code by which departments and conditions are found: mostly the type's own."""
        known = self.type(code)
        return code if known is None else known["handled_as"] or code


def area_limits(row: Mapping[str, Any]) -> dict[str, int]:
    """Give the limit for each area class; one that is given alone holds for all."""
    given = {name: row[f"limit_{name.lower()}"] for name in AREA_CLASSES}
    known = [value for value in given.values() if value is not None]
    return {name: known[0] if value is None else value for name, value in given.items()}


def _limits(row: Mapping[str, Any]) -> AreaLimits:
    return {name: Limit(value, row["limit_unit"], row["season"]) for name, value in area_limits(row).items()}


def _for_area(limits: AreaLimits, area_class: str | None) -> Limit:
    return limits[area_class or "A"]


def _is_valid(row: Row, day: date) -> bool:
    text = day.isoformat()
    return (row["valid_from"] or text) <= text <= (row["valid_to"] or text)


def compile_catalogue(content: Content) -> Catalogue:
    """Make a version ready for use."""
    periods = sorted(
        ({"_id": row["code"], **row} for row in content["case_types"]),
        key=lambda row: (row["_id"], row["valid_from"] or ""),
    )
    conditions = sorted(
        (_condition(row) for row in content["filing_conditions"]),
        key=lambda row: (row["type_code"], row["position"]),
    )
    by_type: dict[str, list[Row]] = defaultdict(list)
    for row in conditions:
        by_type[row["type_code"]].append(row)
    members: dict[str, dict[str, Row]] = {row["module"]: {} for row in content["modules"]}
    for row in content["module_types"]:
        members[row["module"]][row["type_code"]] = dict(row)
    periods_of: dict[str, list[Row]] = defaultdict(list)
    for row in periods:
        periods_of[row["_id"]].append(row)
    types = {row["_id"]: row for row in periods}
    return Catalogue(
        standards={row["standard"]: dict(row) for row in content["standards"]},
        types=types,
        modules={row["module"]: {"_id": row["module"], **row} for row in content["modules"]},
        _periods=periods,
        _periods_of=dict(periods_of),
        _conditions_by_type=dict(by_type),
        _conditions={row["_id"]: row for row in conditions},
        _members=members,
        _member_limits={
            (row["module"], row["type_code"]): _limits(row)
            for row in content["module_types"]
            if row["limit_unit"] is not None
        },
        _condition_limits={row["_id"]: _limits(row) for row in conditions},
        _default_limits={row["kind"]: _limits(row) for row in content["default_limits"]},
        _same=_both_ways(types),
    )


def _condition(row: Mapping[str, Any]) -> Row:
    """Show a condition with the one limit that holds where nothing is known of the area: that of class A."""
    return {"_id": row["id"], **row, "limit_value": area_limits(row)["A"]}


def _both_ways(types: Mapping[str, Row]) -> dict[tuple[str, str], str]:
    same: dict[tuple[str, str], str] = {}
    for code, row in types.items():
        other = types.get(row["same_as"] or "")
        if other is not None:
            same[code, other["standard"]] = other["_id"]
            same[other["_id"], row["standard"]] = code
    return same


_ONE_WORK_DAY = {"limit_a": 1, "limit_b": None, "limit_c": None, "limit_unit": "work_day", "season": None}

CATALOGUE_BOOK = Rulebook(
    name="catalogue",
    tables=CATALOGUE_TABLES,
    compile=compile_catalogue,
    # A type without a filing condition gets what most conditions of the sampled city standard have (143 of
    # 519): one work day.
    default={
        "default_limits": [{"kind": "component", **_ONE_WORK_DAY}, {"kind": "event", **_ONE_WORK_DAY}],
    },
    check=check_catalogue,
    check_in_city=check_catalogue_in_city,
)


async def catalogue_of(city: City, version: int | None = None) -> Opened[Catalogue]:
    """Open the catalogue in force, or the version that a case was filed under."""
    return await open_rules(city, CATALOGUE_BOOK, version)
