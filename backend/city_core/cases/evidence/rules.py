"""The rulebook `evidence`: which flags are raised about photos, and from how much on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from city_core.kit.city import City
from city_core.kit.rulebook.cells import choice, whole, yes_no
from city_core.kit.rulebook.store import Rulebook, open_rules, rows_numbered
from city_core.kit.rulebook.tables import Content, Fault, Table
from city_core.media.look_bands import MOST_BITS_APART


class FlagKind(StrEnum):
    """What can be doubtful about a photo; a flag is told to people, it decides nothing."""

    PLACE_DIFFERS = "PLACE_DIFFERS"
    TAKEN_BEFORE_DISPATCH = "TAKEN_BEFORE_DISPATCH"
    TAKEN_LONG_AGO = "TAKEN_LONG_AGO"
    EDITED = "EDITED"
    SAME_PICTURE = "SAME_PICTURE"
    ANOTHER_SCENE = "ANOTHER_SCENE"
    NOT_FROM_APP_CAMERA = "NOT_FROM_APP_CAMERA"


class Unit(StrEnum):
    """What the limit of a flag counts."""

    METRE = "metre"
    MINUTE = "minute"
    HOUR = "hour"
    BIT = "bit"  # of the 64 that the looks of a photo are written in
    PERCENT = "percent"
    NONE = "none"


_UNITS: Mapping[FlagKind, Unit] = {
    FlagKind.PLACE_DIFFERS: Unit.METRE,  # farther than this from the place of the case
    FlagKind.TAKEN_BEFORE_DISPATCH: Unit.MINUTE,  # earlier by more than this: cameras are not exact
    FlagKind.TAKEN_LONG_AGO: Unit.HOUR,  # before the step that it came with
    FlagKind.EDITED: Unit.MINUTE,  # a photo taken later than it arrived by more than this was dated by hand
    FlagKind.SAME_PICTURE: Unit.BIT,  # differing in so many at most
    FlagKind.ANOTHER_SCENE: Unit.PERCENT,  # less alike than this
    FlagKind.NOT_FROM_APP_CAMERA: Unit.NONE,
}

_TABLE = Table(
    "flags",
    (
        choice("flag", tuple(FlagKind)),
        yes_no("enabled"),
        whole("limit", least=0, most=100_000),
        choice("unit", tuple(Unit)),
    ),
    key=("flag",),
)


@dataclass(frozen=True)
class FlagRule:
    """Whether a flag is raised, and its limit in the unit that belongs to it."""

    enabled: bool
    limit: int


FlagRules = Mapping[FlagKind, FlagRule]


def _compiled(content: Content) -> FlagRules:
    return {FlagKind(row["flag"]): FlagRule(row["enabled"], row["limit"]) for row in content["flags"]}


def _check(content: Content) -> list[Fault]:
    rows = list(rows_numbered(content["flags"]))
    missing = set(FlagKind) - {row["flag"] for _, row in rows}
    faults = [
        Fault("flags", None, "flag", f"缺少{kind.value}一行", f"the row of {kind.value} is missing")
        for kind in FlagKind
        if kind in missing
    ]
    return [*faults, *(fault for number, row in rows for fault in _faults_of(number, row))]


def _faults_of(number: int, row: Mapping[str, object]) -> list[Fault]:
    kind, limit = FlagKind(str(row["flag"])), int(str(row["limit"]))
    unit = _UNITS[kind]
    faults = []
    if row["unit"] != unit:
        faults.append(Fault("flags", number, "unit", f"应为{unit.value}", f"must be {unit.value}"))
    most = {Unit.BIT: MOST_BITS_APART, Unit.PERCENT: 100}.get(unit)
    if most is not None and limit > most:
        faults.append(Fault("flags", number, "limit", f"最多{most}", f"at most {most}"))
    return faults


# No published limits were at hand: these are ours, and the keeper of the rules may change them. That of
# ANOTHER_SCENE was measured, see mobile_contracts/evidence.md.
_LIMITS: Mapping[FlagKind, int] = {
    FlagKind.PLACE_DIFFERS: 200,
    FlagKind.TAKEN_BEFORE_DISPATCH: 5,
    FlagKind.TAKEN_LONG_AGO: 24,
    FlagKind.EDITED: 10,
    FlagKind.SAME_PICTURE: 3,
    FlagKind.ANOTHER_SCENE: 25,
    FlagKind.NOT_FROM_APP_CAMERA: 0,
}
_DEFAULT = [
    {"flag": kind.value, "enabled": True, "limit": limit, "unit": _UNITS[kind].value}
    for kind, limit in _LIMITS.items()
]
EVIDENCE_BOOK: Rulebook[FlagRules] = Rulebook(
    "evidence", (_TABLE,), compile=_compiled, default={"flags": _DEFAULT}, check=_check
)


async def flag_rules(city: City) -> FlagRules:
    """Open the rules of flags in force now: switching a flag off holds at once, for old cases too."""
    return (await open_rules(city, EVIDENCE_BOOK)).rules
