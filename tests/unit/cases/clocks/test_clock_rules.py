"""The rulebook of the clocks: its first content, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.clocks.rules import CLOCK_RULES, LAMPS, PLAIN_STAGE_LIMITS, STAGE_LIMITS
from city_core.cases.clocks.stages import LIMITED_BY_RULES, ClockName
from city_core.catalogue.limits import Limit
from city_core.kit.rulebook.tables import read_csv, write_csv


def test_the_first_rules_are_whole_and_can_be_written_and_read() -> None:
    assert CLOCK_RULES.check(CLOCK_RULES.first_content) == []
    for table in (STAGE_LIMITS, LAMPS):
        rows = list(CLOCK_RULES.first_content[table.name])
        found = read_csv(table, write_csv(table, rows))
        assert (found.rows, found.faults) == (rows, [])
    for stage in LIMITED_BY_RULES:
        assert PLAIN_STAGE_LIMITS.of(stage, "COMMUNITY") == PLAIN_STAGE_LIMITS.of(stage, "DISTRICT")
    assert PLAIN_STAGE_LIMITS.yellow_percent == 80


def test_a_level_may_have_a_limit_of_its_own() -> None:
    row = {"stage": "DISPATCH", "level": "STREET", "value": 1, "unit": "work_hour"}
    content = {**CLOCK_RULES.first_content, "stage_limits": [*CLOCK_RULES.first_content["stage_limits"], row]}
    limits = CLOCK_RULES.compile(content)
    assert limits.of(ClockName.DISPATCH, "STREET") == Limit(1, "work_hour")
    assert limits.of(ClockName.DISPATCH, "DISTRICT") == Limit(15, "work_minute")


@pytest.mark.parametrize(
    ("line", "column", "text"),
    [
        ("ACCEPT,,0,work_hour", "value", "must be a whole number from 1 to 9999, not '0'"),
        ("HANDLE,,1,work_hour", "stage", "unknown 'HANDLE'; known: ACCEPT, VERIFY, DISPATCH, CHECK, CLOSE"),
        ("ACCEPT,VILLAGE,1,work_hour", "level", "unknown 'VILLAGE'; known: COMMUNITY, STREET, DISTRICT"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(line: str, column: str, text: str) -> None:
    [fault] = read_csv(STAGE_LIMITS, f"stage,level,value,unit\n{line}\n").faults
    assert (fault.row, fault.column, fault.en) == (2, column, text)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"stage_limits": []}, "ACCEPT has no limit for all levels (level left empty)"),
        ({"lamps": [{"lamp": "YELLOW", "from_percent": 80}]}, "red is overdue, so it has to be 100"),
        ({"lamps": [{"lamp": "RED", "from_percent": 100}]}, "yellow has to be 1 to 99"),
    ],
)
def test_tables_that_leave_a_gap_are_refused(change: dict[str, Any], text: str) -> None:
    faults = CLOCK_RULES.check({**CLOCK_RULES.first_content, **change})
    assert text in [fault.en for fault in faults]
