"""The rulebook `levels`: which of community, street and district has a type first, and what it may do.

The three-level loop 三级循环: a level closes what it may close itself, has its own time for it, and passes up
what it cannot do. The longest type prefix wins; before anything is published the district has every case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.cases.clocks.rules import STAGE_UNITS
from city_core.catalogue.catalogue import catalogue_of
from city_core.catalogue.limits import MOST_UNITS, Limit
from city_core.kit.city import City
from city_core.kit.rulebook.cells import choice, text, whole, yes_no
from city_core.kit.rulebook.store import Rulebook, open_rules, rows_numbered
from city_core.kit.rulebook.tables import Column, Content, Fault, Table


class Level(StrEnum):
    """A level of the city, from the smallest up."""

    COMMUNITY = "COMMUNITY"  # 社区
    STREET = "STREET"  # 街道
    DISTRICT = "DISTRICT"  # 区


LEVELS: tuple[Level, ...] = tuple(Level)


def above(level: str) -> Level | None:
    """Name the next level up; none above the district."""
    place = LEVELS.index(Level(level)) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def below(level: str) -> Level | None:
    """Name the next level down; none below the community."""
    place = LEVELS.index(Level(level))
    return LEVELS[place - 1] if place else None


def covers(level: str, other: str) -> bool:
    """Tell whether a level is as high as another one."""
    return LEVELS.index(Level(level)) >= LEVELS.index(Level(other))


@dataclass(frozen=True)
class Terms:
    """What holds for a type: where it starts, who may close it, and each level's own time."""

    start: Level
    closers: frozenset[Level]
    limits: Mapping[Level, Limit]

    def facts(self, level: Level) -> dict[str, Any]:
        """Give what is recorded when a level gets a case: its name and its own time."""
        limit = self.limits.get(level)
        return {"level": level.value, "limit": limit.row() if limit else None}

    def first_facts(self, level: Level) -> dict[str, Any]:
        """Give what is recorded of the first level, beside the limit of the case itself."""
        facts = self.facts(level)
        return {"level": facts["level"], "level_limit": facts["limit"]}


_BY_DISTRICT = Terms(Level.DISTRICT, frozenset({Level.DISTRICT}), {})


@dataclass(frozen=True)
class LevelRules:
    """The rows of the table, the longest prefix first."""

    rows: Sequence[tuple[str, Terms]]

    def terms(self, type_code: str | None) -> Terms:
        """Find what holds for a type; what no row is about is the district's."""
        for prefix, terms in self.rows:
            if (type_code or "").startswith(prefix):
                return terms
        return _BY_DISTRICT


def _columns_of(level: Level) -> tuple[Column, ...]:
    name = level.value.lower()
    return (
        yes_no(f"{name}_may_close"),
        whole(f"{name}_limit_value", least=1, most=MOST_UNITS, blank=None),
        choice(f"{name}_limit_unit", STAGE_UNITS, blank=None),
    )


_TABLE = Table(
    "level_rules",
    (
        text("type_prefix", blank="", most=10),
        choice("start_level", tuple(Level)),
        *(column for level in LEVELS for column in _columns_of(level)),
    ),
    key=("type_prefix",),
)


def _terms_of(row: Mapping[str, Any]) -> Terms:
    names = {level: level.value.lower() for level in LEVELS}
    return Terms(
        Level(row["start_level"]),
        frozenset(level for level, name in names.items() if row[f"{name}_may_close"]),
        {
            level: Limit(row[f"{name}_limit_value"], row[f"{name}_limit_unit"])
            for level, name in names.items()
            if row[f"{name}_limit_value"] is not None
        },
    )


def _compile(content: Content) -> LevelRules:
    rows = [(row["type_prefix"], _terms_of(row)) for row in content["level_rules"]]
    return LevelRules(sorted(rows, key=lambda row: -len(row[0])))


def _check(content: Content) -> list[Fault]:
    return [
        Fault("level_rules", number, column, zh, en)
        for number, row in rows_numbered(content["level_rules"])
        for column, zh, en in _faults_of(row)
    ]


def _faults_of(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for level in LEVELS:
        name = level.value.lower()
        has_value = row[f"{name}_limit_value"] is not None
        if has_value != (row[f"{name}_limit_unit"] is not None):
            yield f"{name}_limit_unit", "时限的数值与单位须同时填写", "a limit needs both value and unit"
    if not row["district_may_close"]:
        yield (
            "district_may_close",
            "区级须可结案，否则无人可结案",
            "the district must be able to close all",
        )


async def _unknown_prefixes(city: City, content: Content) -> list[Fault]:
    types = (await catalogue_of(city)).rules.types
    faults = []
    for number, row in rows_numbered(content["level_rules"]):
        prefix = row["type_prefix"]
        if not any(code.startswith(prefix) for code in types):
            zh, en = f"没有以{prefix}开头的类别", f"no type begins with {prefix}"
            faults.append(Fault("level_rules", number, "type_prefix", zh, en))
    return faults


LEVELS_BOOK: Rulebook[LevelRules] = Rulebook(
    name="levels",
    tables=(_TABLE,),
    compile=_compile,
    check=_check,
    check_in_city=_unknown_prefixes,
)


async def level_rules_of(city: City, rules: Mapping[str, int]) -> LevelRules:
    """Open the rules under which a case was filed, by the versions on its record."""
    return (await open_rules(city, LEVELS_BOOK, rules.get(LEVELS_BOOK.name, 0))).rules
