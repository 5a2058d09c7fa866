"""The rulebook of escalation: what holds without a version, what is refused, CSV there and back."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.clocks.stages import STAGE_CLOCKS
from city_core.cases.escalation import DEFAULT, ESCALATION_RULES, STEPS
from city_core.kit.rulebook.tables import read_csv, write_csv


def row(**more: Any) -> dict[str, Any]:
    return {
        "stage": "*", "step": 1, "kind": "RED", "at_percent": None, "after_value": 72,
        "after_unit": "urgent_hour", "who": ["DISTRICT_LEADER"], **more,
    }  # fmt: skip


def test_what_holds_without_a_version_is_sound() -> None:
    assert ESCALATION_RULES.check(DEFAULT) == []
    rules = ESCALATION_RULES.compile(DEFAULT)
    assert set(rules) == {*STAGE_CLOCKS, "CASE"}
    assert [(step.step, step.kind) for step in rules["DISPATCH"]] == [
        (1, "UNASSIGNED"), (2, "UNASSIGNED"), (3, "WARNING"), (4, "YELLOW"),
        (5, "RED"), (6, "RED"), (7, "RED"),
    ]  # fmt: skip
    assert (rules["DISPATCH"][0].after_value, rules["HANDLE"][0].after_value) == (1, 0)
    assert [step.kind for step in rules["CASE"]] == ["YELLOW", "RED"]


def test_a_table_reads_back_as_it_was_written() -> None:
    rows = DEFAULT["steps"]
    assert read_csv(STEPS, write_csv(STEPS, rows)).rows == list(rows)


@pytest.mark.parametrize(
    ("wrong", "column", "reason"),
    [
        ({"after_unit": None}, "after_value", "a number and its unit go together"),
        ({"at_percent": 50}, "at_percent", "either a percentage or a time after"),
        ({"after_value": None, "after_unit": None}, "at_percent", "either a percentage or a time after"),
        ({"kind": "WARNING"}, "at_percent", "a warning comes before the limit (1 to 99)"),
        ({"kind": "UNASSIGNED", "stage": "CASE"}, "stage", "an unassigned case is told by its stage"),
        ({"who": []}, "who", "somebody has to be told: "),
        ({"who": ["MAYOR"]}, "who", "unknown 'MAYOR'; known: "),
    ],
)  # fmt: skip
def test_a_wrong_step_is_named_with_its_row(wrong: dict[str, Any], column: str, reason: str) -> None:
    [fault] = ESCALATION_RULES.check({"steps": [row(step=9), row(**wrong)]})
    assert (fault.table, fault.row, fault.column) == ("steps", 3, column)
    assert fault.en.startswith(reason) and fault.zh


def test_steps_out_of_their_order_are_refused() -> None:
    early = row(step=2, kind="YELLOW", at_percent=100, after_value=None, after_unit=None)
    [fault] = ESCALATION_RULES.check({"steps": [row(), early]})
    assert (fault.row, fault.column, fault.en) == (3, "step", "a later step is due before an earlier one")


def test_a_bad_cell_is_named() -> None:
    text = "stage,step,kind,at_percent,after_value,after_unit,who\nNIGHT,0,PINK,101,,,HOLDER\n"
    faults = read_csv(STEPS, text).faults
    assert [fault.column for fault in faults] == ["stage", "step", "kind", "at_percent"]
