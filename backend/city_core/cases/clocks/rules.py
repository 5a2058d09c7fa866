"""The rulebook `clocks`: how long each stage may take, at any level or at one of them, and the lamps.

A stage that people do at their desks is limited in work minutes, so that a report of the night is not red
when the city opens; products show 15 minutes for accepting and dispatching, 24 hours for verifying (here the
work day that it means) and two hours for checking. Handling has the limit of the case itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from city_core.cases.clocks.stages import LIMITED_BY_RULES, ClockName
from city_core.catalogue.limits import MOST_UNITS, UNITS, Counts, Limit
from city_core.kit.rulebook.cells import choice, whole
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import Content, Fault, Table

TOP_LEVEL = "DISTRICT"  # where a case is as long as no other level has it
LEVELS = ("COMMUNITY", "STREET", TOP_LEVEL)
STAGE_UNITS = tuple(unit for unit, (_, counts) in UNITS.items() if counts is not Counts.SEASON)
YELLOW, RED = "YELLOW", "RED"


@dataclass(frozen=True)
class StageLimits:
    """The limits of the stages, and from which part of a limit on its lamp is yellow."""

    limits: Mapping[tuple[str, str], Limit]
    yellow_percent: int

    def of(self, stage: ClockName, level: str) -> Limit:
        """Give the limit of a stage at a level; a level without its own has that of all levels."""
        return self.limits.get((stage.value, level)) or self.limits[stage.value, ""]


STAGE_LIMITS = Table(
    "stage_limits",
    (
        choice("stage", LIMITED_BY_RULES),
        choice("level", LEVELS, blank=""),
        whole("value", least=1, most=MOST_UNITS),
        choice("unit", STAGE_UNITS),
    ),
    key=("stage", "level"),
)
LAMPS = Table(
    "lamps", (choice("lamp", (YELLOW, RED)), whole("from_percent", least=1, most=100)), key=("lamp",)
)


def _row(stage: ClockName, value: int, unit: str) -> dict[str, Any]:
    return {"stage": stage.value, "level": "", "value": value, "unit": unit}


DEFAULT: Content = {
    "stage_limits": [
        _row(ClockName.ACCEPT, 15, "work_minute"),
        _row(ClockName.VERIFY, 1, "work_day"),
        _row(ClockName.DISPATCH, 15, "work_minute"),
        _row(ClockName.CHECK, 2, "work_hour"),
        _row(ClockName.CLOSE, 2, "work_hour"),
    ],
    "lamps": [{"lamp": YELLOW, "from_percent": 80}, {"lamp": RED, "from_percent": 100}],
}


def _compile(content: Content) -> StageLimits:
    limits = {
        (row["stage"], row["level"]): Limit(row["value"], row["unit"]) for row in content["stage_limits"]
    }
    return StageLimits(limits, _percent(content, YELLOW) or 80)


def _percent(content: Content, lamp: str) -> int | None:
    return next((row["from_percent"] for row in content["lamps"] if row["lamp"] == lamp), None)


def _check(content: Content) -> list[Fault]:
    """Refuse tables that leave a stage without a limit, or lamps that are out of order."""
    faults = []
    known = {(row["stage"], row["level"]) for row in content["stage_limits"]}
    for stage in LIMITED_BY_RULES:
        if (stage.value, "") not in known:
            faults.append(Fault("stage_limits", None, "stage", f"{stage.value}缺少通用时限（层级留空）",
                                f"{stage.value} has no limit for all levels (level left empty)"))  # fmt: skip
    if _percent(content, RED) != 100:
        faults.append(Fault("lamps", None, "from_percent", "红灯即超时，应为100",
                            "red is overdue, so it has to be 100"))  # fmt: skip
    if (_percent(content, YELLOW) or 100) >= 100:
        faults.append(Fault("lamps", None, "from_percent", "黄灯应为1至99", "yellow has to be 1 to 99"))
    return faults


CLOCK_RULES: Rulebook[StageLimits] = Rulebook(
    "clocks", (STAGE_LIMITS, LAMPS), _compile, default=DEFAULT, check=_check
)
PLAIN_STAGE_LIMITS = _compile(DEFAULT)
