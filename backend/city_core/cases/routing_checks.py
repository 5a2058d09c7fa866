"""What is wrong with a table of routing rules, looking at its rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from city_core.cases.routing_cover import covers
from city_core.cases.routing_rules import RoutingRule, rule_of_row
from city_core.kit.rulebook.store import rows_numbered
from city_core.kit.rulebook.tables import Content, Fault

TABLE = "routing_rules"
Row = dict[str, Any]


def check_routing(content: Content) -> list[Fault]:
    """Name every row that contradicts itself or another one, or that can never be reached."""
    rows = content[TABLE]
    wrong = [fault for number, row in rows_numbered(rows) for fault in _faults_of(number, row)]
    wrong += _same_positions(rows)
    return wrong or _never_reached(rows)


def _faults_of(number: int, row: Row) -> Iterator[Fault]:
    if not row["department_id"]:
        yield Fault(TABLE, number, "department_id", "须指定部门", "names no department")
    if (row["hours_from"] is None) != (row["hours_to"] is None):
        yield Fault(TABLE, number, "hours_to", "时段须有起有止", "hours need both a beginning and an end")
    elif row["hours_from"] is not None and row["hours_from"] == row["hours_to"]:
        zh = "起止时刻相同；全天请留空"
        yield Fault(TABLE, number, "hours_to", zh, "begins and ends at one time; leave empty for all day")
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        yield Fault(TABLE, number, "valid_to", "失效日早于生效日", "ends before it begins")


def _same_positions(rows: Sequence[Row]) -> Iterator[Fault]:
    seen: dict[int, int] = {}
    for number, row in rows_numbered(rows):
        first = seen.setdefault(row["position"], number)
        if first != number:
            zh, en = f"与第{first}行序号相同", f"stands at the same position as row {first}"
            yield Fault(TABLE, number, "position", zh, en)


def _never_reached(rows: Sequence[Row]) -> list[Fault]:
    faults, earlier = [], list[RoutingRule]()
    for number, rule in in_order(rows):
        covering = next((before for before in earlier if covers(before, rule)), None)
        if covering is not None:
            zh = f"永远轮不到：序号{covering.position}的规则已全部覆盖"
            en = f"can never be reached: the rule at position {covering.position} takes all of its cases"
            faults.append(Fault(TABLE, number, "position", zh, en))
        earlier.append(rule)
    return faults


def in_order(rows: Sequence[Row]) -> list[tuple[int, RoutingRule]]:
    """Put the rules that are switched on in the order in which they are asked, with their row numbers."""
    switched_on = [(number, rule_of_row(row)) for number, row in rows_numbered(rows) if row["enabled"]]
    return sorted(switched_on, key=lambda pair: pair[1].position)
