"""The rulebook `emergency_profiles`: kinds of emergencies, with their limits and routes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from city_core.cases.emergency.profile import LimitRule, Profile
from city_core.cases.visibility import WIDENABLE
from city_core.catalogue.limits import MOST_UNITS, UNITS, Counts, Limit
from city_core.catalogue.queries import case_types
from city_core.kit.city import City
from city_core.kit.rulebook.cells import choice, text, whole, words
from city_core.kit.rulebook.store import Rulebook, rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Table
from city_core.people.queries import departments
from city_core.people.roles import Role

Profiles = Mapping[str, Profile]
URGENT, NORMAL = "high", "normal"
MOST_NEEDED_PHOTOS = 9
_UNITS = tuple(unit for unit, (_, counts) in UNITS.items() if counts is not Counts.SEASON)

PROFILES = Table(
    "profiles",
    (
        text("name", most=32),
        text("name_zh", most=32),
        text("name_en", most=64),
        choice("push_priority", (NORMAL, URGENT), blank=NORMAL),
        whole("needs_photos", least=0, most=MOST_NEEDED_PHOTOS, blank=0),
        words("widens_visibility"),
        text("note", blank=""),
    ),
    key=("name",),
)
PROFILE_LIMITS = Table(
    "profile_limits",
    (
        text("profile", most=32),
        text("type_prefix", most=16),
        whole("value", least=1, most=MOST_UNITS, blank=None),
        choice("unit", _UNITS, blank=None),
        whole("percent", least=1, most=1_000, blank=None),
    ),
    key=("profile", "type_prefix"),
)
PROFILE_ROUTES = Table(
    "profile_routes",
    (text("profile", most=32), text("type_prefix", most=16), text("department_id", most=64)),
    key=("profile", "type_prefix"),
)


def _profile(name: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "name": name, "name_zh": zh, "name_en": en, "push_priority": URGENT, "needs_photos": 1,
        "widens_visibility": ["LEADER", "OFFICER"], "note": "",
    }  # fmt: skip


def _half(profile: str, prefix: str) -> dict[str, Any]:
    return {"profile": profile, "type_prefix": prefix, "value": None, "unit": None, "percent": 50}


# Before a city has written its own: both kinds halve every limit and leave the routes alone.
DEFAULT: Content = {
    "profiles": [_profile("flood", "防汛", "Flood"), _profile("snow", "除雪", "Snow clearing")],
    "profile_limits": [_half(name, prefix) for name in ("flood", "snow") for prefix in ("C", "E")],
    "profile_routes": [],
}


def _compile(content: Content) -> Profiles:
    return {
        row["name"]: Profile(
            name=row["name"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            is_urgent=row["push_priority"] == URGENT,
            needs_photos=row["needs_photos"],
            widened_to=frozenset(Role(role) for role in row["widens_visibility"]),
            note=row["note"],
            limits={
                line["type_prefix"]: _limit_rule(line)
                for line in content["profile_limits"]
                if line["profile"] == row["name"]
            },
            routes={
                line["type_prefix"]: line["department_id"]
                for line in content["profile_routes"]
                if line["profile"] == row["name"]
            },
        )
        for row in content["profiles"]
    }


def _limit_rule(line: Mapping[str, Any]) -> LimitRule:
    if line["value"] is None:
        return LimitRule(None, line["percent"])
    return LimitRule(Limit(line["value"], line["unit"]))


def _check(content: Content) -> list[Fault]:
    """Refuse unknown profiles and roles, limits that are none or two, and routes of types without a limit."""
    known = {row["name"] for row in content["profiles"]}
    return [
        *_roles(content),
        *_unknown(content, ("profile_limits", "profile_routes"), "profile", known, "预案", "profile"),
        *_limits(content),
        *_routes_without_limit(content),
    ]


def _roles(content: Content) -> Iterator[Fault]:
    allowed = ", ".join(sorted(WIDENABLE))
    for number, row in rows_numbered(content["profiles"]):
        for role in row["widens_visibility"]:
            if role not in WIDENABLE:
                zh, en = (
                    f"不能向{role}开放；可用：{allowed}",
                    f"cannot widen to {role}; known: {allowed}",
                )
                yield Fault("profiles", number, "widens_visibility", zh, en)


def _limits(content: Content) -> Iterator[Fault]:
    for number, row in rows_numbered(content["profile_limits"]):
        own = (row["value"] is not None, row["unit"] is not None)
        if own[0] != own[1] or own[0] == (row["percent"] is not None):
            yield Fault("profile_limits", number, "value", "应填写时限值和单位，或仅填写百分比",
                        "give either value and unit, or a percentage alone")  # fmt: skip


def _routes_without_limit(content: Content) -> Iterator[Fault]:
    limited = [(row["profile"], row["type_prefix"]) for row in content["profile_limits"]]
    for number, row in rows_numbered(content["profile_routes"]):
        prefix = row["type_prefix"]
        if not any(name == row["profile"] and prefix.startswith(wider) for name, wider in limited):
            yield Fault("profile_routes", number, "type_prefix", f"{prefix}在本预案没有时限（不变可填100%）",
                        f"{prefix} has no limit in this profile (100 percent leaves it)")  # fmt: skip


async def _check_in_city(city: City, content: Content) -> list[Fault]:
    """Refuse departments and types that the city does not have."""
    codes = [row["_id"] for row in await case_types(city)]
    prefixes = {code[:length] for code in codes for length in range(1, len(code) + 1)}
    known = {row["_id"] for row in await departments(city)}
    both = ("profile_limits", "profile_routes")
    return [
        *_unknown(content, both, "type_prefix", prefixes, "类别前缀", "type prefix"),
        *_unknown(content, ("profile_routes",), "department_id", known, "部门", "department"),
    ]


def _unknown(
    content: Content, tables: Collection[str], column: str, known: Collection[str], zh: str, en: str
) -> Iterator[Fault]:
    for table in tables:
        for number, row in rows_numbered(content[table]):
            if row[column] not in known:
                yield Fault(
                    table, number, column, f"没有{zh}{row[column]!r}", f"unknown {en} {row[column]!r}"
                )


EMERGENCY_PROFILES: Rulebook[Profiles] = Rulebook(
    "emergency_profiles", (PROFILES, PROFILE_LIMITS, PROFILE_ROUTES), _compile, default=DEFAULT,
    check=_check, check_in_city=_check_in_city,
)  # fmt: skip
