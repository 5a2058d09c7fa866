"""Tables of a rulebook: every bad row is named with its line, and what is written is read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.kit.rulebook.cells import choice, clock_time, day, month_day, text, whole, words, yes_no
from city_core.kit.rulebook.differences import Difference, differences, is_same
from city_core.kit.rulebook.tables import Row, Table, blank_row, read_csv, write_csv

SHOP = Table("shops", (
    text("name", most=8), whole("limit", least=1, most=9, blank=None), choice("kind", ("food", "tools")),
    yes_no("open", blank=False), words("aliases"), day("since", blank=None), month_day("feast", blank=None),
    clock_time("opens", blank=None),
), key=("name",))  # fmt: skip
HEAD = "name,limit,kind,open,aliases,since,feast,opens"
GOOD = "Ma,3,food,yes,a b,2026-10-01,03-15,08:30"


def faults(*lines: str) -> list[str]:
    return [str(fault) for fault in read_csv(SHOP, "\n".join(lines) + "\n").faults]


def test_a_good_row_is_read_with_its_types() -> None:
    found = read_csv(SHOP, f"\ufeff{HEAD}\n{GOOD}\n")
    assert found.faults == []
    assert found.rows == [{
        "name": "Ma", "limit": 3, "kind": "food", "open": True, "aliases": ["a", "b"],
        "since": "2026-10-01", "feast": "03-15", "opens": "08:30",
    }]  # fmt: skip


def test_columns_that_may_be_empty_may_be_left_out_and_come_in_any_order() -> None:
    found = read_csv(SHOP, "kind,name\nfood,Ma\n")
    assert found.faults == []
    assert found.rows == [{**blank_row(SHOP), "name": "Ma", "kind": "food"}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",3,food,,,,,", "shops, row 2, name: must not be empty"),
        ("far too long,3,food,,,,,", "shops, row 2, name: at most 8 printable characters"),
        ("M\x07,3,food,,,,,", "shops, row 2, name: at most 8 printable characters"),
        ("Ma,0,food,,,,,", "shops, row 2, limit: must be a whole number from 1 to 9, not '0'"),
        ("Ma,-3,food,,,,,", "shops, row 2, limit: must be a whole number from 1 to 9, not '-3'"),
        ("Ma,1.5,food,,,,,", "shops, row 2, limit: must be a whole number from 1 to 9, not '1.5'"),
        ("Ma,３,food,,,,,", "shops, row 2, limit: must be a whole number from 1 to 9, not '３'"),
        ("Ma,3,fish,,,,,", "shops, row 2, kind: unknown 'fish'; known: food, tools"),
        ("Ma,3,food,maybe,,,,", "shops, row 2, open: unknown 'maybe'; known: yes, no"),
        ("Ma,3,food,,,20261001,,", "shops, row 2, since: must be a date such as 2026-10-01, not '20261001'"),
        ("Ma,3,food,,,2026-02-30,,",
         "shops, row 2, since: must be a date such as 2026-10-01, not '2026-02-30'"),
        ("Ma,3,food,,,,3-15,", "shops, row 2, feast: must be month and day such as 03-15, not '3-15'"),
        ("Ma,3,food,,,,,8:30", "shops, row 2, opens: must be a time such as 08:30, not '8:30'"),
        ("Ma,3,food,,,,,08:30:01", "shops, row 2, opens: must be a time such as 08:30, not '08:30:01'"),
        ("Ma,3,food,,,,,,extra", "shops, row 2: more cells than the head has"),
        ("Ma", "shops, row 2, kind: must not be empty"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_row_column_and_reason(row: str, reason: str) -> None:
    assert faults(HEAD, row) == [reason]


def test_a_number_of_five_thousand_digits_is_only_a_bad_cell() -> None:
    [fault] = faults(HEAD, f"Ma,{'9' * 5000},food,,,,,")
    assert fault.startswith("shops, row 2, limit: must be a whole number")


def test_all_bad_rows_are_named_at_once_and_in_both_languages() -> None:
    found = read_csv(SHOP, f"{HEAD}\n{GOOD}\n,0,food,,,,,\nMa,,tools,,,,,\n")
    assert [(fault.row, fault.column, fault.zh) for fault in found.faults] == [
        (3, "name", "不能为空"),
        (3, "limit", "应为1至9的整数，而不是'0'"),
        (4, "name", "Ma与第2行重复"),
    ]
    assert [row["kind"] for row in found.rows] == ["food"]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("", "missing: name, kind; unknown or twice: none"),
        ("name,colour", "missing: kind; unknown or twice: colour"),
        ("name,kind,name", "missing: none; unknown or twice: name"),
    ],
)
def test_a_wrong_head_is_one_fault(head: str, reason: str) -> None:
    [fault] = faults(head, GOOD)
    assert fault.startswith(f"shops, row 1: wrong head; {reason}; known: name, limit,")


def test_what_is_no_csv_at_all_is_a_fault() -> None:
    [fault] = faults(HEAD, f"{'x' * 200_000},3,food,,,,,")
    assert fault.startswith("shops, row 2")  # how long a cell may be is a limit of the whole process


def test_rows_keep_their_lines_where_the_file_has_blank_ones() -> None:
    found = read_csv(SHOP, f"{HEAD}\n{GOOD}\n\nWu,,tools,,,,,\n\n")
    assert (found.lines, found.faults) == ([2, 4], [])


ROWS = st.lists(
    st.fixed_dictionaries({
        "name": st.text(st.characters(min_codepoint=33, max_codepoint=0x9FFF), min_size=1, max_size=8)
        .filter(str.isprintable).filter(lambda name: name == name.strip() != ""),
        "limit": st.none() | st.integers(1, 9),
        "kind": st.sampled_from(["food", "tools"]),
        "open": st.booleans(),
        "aliases": st.lists(st.sampled_from(["a", "乙", "=c", '"d']), max_size=3),
        "since": st.none() | st.dates().map(lambda found: found.isoformat()),
        "feast": st.none() | st.dates().map(lambda found: found.strftime("%m-%d")),
        "opens": st.none() | st.times().map(lambda found: found.strftime("%H:%M")),
    }),
    unique_by=lambda row: row["name"],
    max_size=6,
)  # fmt: skip


@given(ROWS)
def test_what_is_written_is_read_back_the_same(rows: list[Row]) -> None:
    found = read_csv(SHOP, write_csv(SHOP, rows))
    assert (found.rows, found.faults) == (rows, [])


@given(ROWS, ROWS)
def test_differences_add_up_to_both_versions(before: list[Row], after: list[Row]) -> None:
    [found] = differences([SHOP], {"shops": before}, {"shops": after})
    assert found.added + found.changed + found.unchanged == len(after)
    assert found.removed + found.changed + found.unchanged == len(before)
    assert is_same([found]) == (sorted(map(str, before)) == sorted(map(str, after)))


def test_a_row_is_changed_when_only_its_key_stayed() -> None:
    before = [{"name": "Ma", "limit": 3}, {"name": "Wu", "limit": 3}, {"name": "Li", "limit": 3}]
    after = [{"name": "Ma", "limit": 4}, {"name": "Li", "limit": 3}, {"name": "He", "limit": 1}]
    assert differences([SHOP], {"shops": before}, {"shops": after}) == [Difference("shops", 1, 1, 1, 1)]
