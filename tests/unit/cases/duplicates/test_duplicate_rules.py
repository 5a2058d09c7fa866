"""The rules of duplicates as a table: the longest prefix wins, and bad rows are named."""

from __future__ import annotations

import pytest

from city_core.cases.duplicates.rules import DUPLICATES
from city_core.kit.rulebook.tables import read_csv, write_csv

HEAD = "type_prefix,radius_m,within_hours,photo_distance,recurrence_radius_m,recurrence_days\n"
[TABLE] = DUPLICATES.tables


def test_without_anything_published_all_types_have_the_usual_rule() -> None:
    rule = DUPLICATES.compile(DUPLICATES.first_content).rule_for("E0110")
    assert (rule.radius_m, rule.within_hours, rule.photo_distance) == (50, 24, 10)
    assert (rule.recurrence_radius_m, rule.recurrence_days) == (30, 15)


def test_the_longest_prefix_wins_and_empty_cells_are_the_usual_figures() -> None:
    found = read_csv(TABLE, f"{HEAD},,,,,\nE,80,,,,\nE0110,20,48,,,30\n")
    assert found.faults == []
    rules = DUPLICATES.compile({"duplicates": found.rows})
    assert [rules.rule_for(code).radius_m for code in ("E0110", "E0112", "C0102", None)] == [20, 80, 50, 50]
    assert (rules.rule_for("E0110").within_hours, rules.rule_for("E0110").recurrence_days) == (48, 30)
    assert read_csv(TABLE, write_csv(TABLE, found.rows)).rows == found.rows


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("E,0,,,,", (2, "radius_m")),
        ("E,50,0,,,", (2, "within_hours")),
        ("E,50,24,33,,", (2, "photo_distance")),
        ("E,50,24,10,30,400", (2, "recurrence_days")),
        (",,,,,\n,,,,,", (3, "type_prefix")),
    ],
)
def test_a_bad_row_is_named_with_its_reason(row: str, place: tuple[int, str]) -> None:
    [fault] = read_csv(TABLE, f"{HEAD}{row}\n").faults
    assert (fault.row, fault.column) == place
    assert fault.zh and fault.en


def test_a_table_without_the_row_for_all_types_is_refused() -> None:
    rows = read_csv(TABLE, f"{HEAD}E,80,,,,\n").rows
    [fault] = DUPLICATES.check({"duplicates": rows})
    assert "missing" in fault.en
