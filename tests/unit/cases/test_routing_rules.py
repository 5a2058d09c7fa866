"""Routing by rules: the first that fits decides, nothing is passed over, and everybody gets an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.cases.routing_book import ROUTING_TABLE
from city_core.cases.routing_checks import check_routing
from city_core.cases.routing_cover import covers
from city_core.cases.routing_rules import RouteFacts, compile_routing, route, rule_of_row
from city_core.kit.calendar import BEIJING
from city_core.kit.rulebook.tables import read_csv
from tests.routing_rows import csv_of, rule_row

ALL = {"_id": "all", "answers_for": [{"type_prefix": "E", "street_codes": []}]}
NIGHT = {"_id": "night", "answers_for": []}


def facts(at: str = "2026-06-05T12:00", **given: Any) -> RouteFacts:
    known = {
        "type_codes": ("E0401",), "street_code": "s1", "community_code": "s1c1", "grid_code": "s1c1g1",
        "area_class": "A", "source": "CITIZEN", "at": datetime.fromisoformat(at).replace(tzinfo=BEIJING),
    }  # fmt: skip
    return RouteFacts(**{**known, **given})


def fits(seen: RouteFacts, **given: Any) -> bool:
    return rule_of_row(rule_row(1, "night", **given)).fits(seen)


@pytest.mark.parametrize(
    ("column", "good", "bad"),
    [
        ("type_prefixes", ["C", "E04"], ["E02"]),
        ("street_codes", ["s2", "s1"], ["s2"]),
        ("community_codes", ["s1c1"], ["s1c2"]),
        ("grid_codes", ["s1c1g1"], ["s1"]),
        ("area_classes", ["A", "B"], ["C"]),
        ("sources", ["CITIZEN"], ["INSPECTOR"]),
        ("modules", ["night"], ["air"]),
        ("working_time", True, False),
        ("weekdays", ["5"], ["6"]),
        ("seasons", ["05-01..06-30", "12-01..12-02"], ["11-15..03-15"]),
        ("valid_from", "2026-06-05", "2026-06-06"),
        ("valid_to", "2026-06-05", "2026-06-04"),
    ],
)
def test_each_column_narrows_a_rule_down(column: str, good: Any, bad: Any) -> None:
    seen = facts(modules=frozenset({"night"}), is_working_time=True)
    assert fits(seen, **{column: good})
    assert not fits(seen, **{column: bad})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-05T17:59", False), ("2026-06-05T18:00", True), ("2026-06-05T23:59", True),
        ("2026-06-06T00:00", True), ("2026-06-06T01:59", True), ("2026-06-06T02:00", False),
        ("2026-06-06T18:00", False),
    ],
)  # fmt: skip
def test_hours_past_midnight_belong_to_the_evening_before(at: str, expected: bool) -> None:
    friday_night = {"hours_from": "18:00", "hours_to": "02:00", "weekdays": ["5"]}
    assert fits(facts(at), **friday_night) is expected


@pytest.mark.parametrize(("at", "expected"), [("2026-01-31T12:00", True), ("2026-07-01T12:00", False)])
def test_a_season_may_pass_the_new_year(at: str, expected: bool) -> None:
    assert fits(facts(at), seasons=["11-15..03-15"]) is expected


def test_the_first_rule_that_fits_decides_and_is_named() -> None:
    rows = [rule_row(20, "all"), rule_row(10, "night", type_prefixes=["E04"])]
    rules = compile_routing({"routing_rules": rows})
    routed = route(facts(), rules, [ALL, NIGHT], 3)
    assert (routed.id, routed.position, routed.version) == ("night", 10, 3)
    assert routed.reason == {
        "why": "ROUTED", "position": 10, "name_zh": "规则10", "name_en": "rule 10", "version": 3,
    }  # fmt: skip
    assert route(facts(type_codes=("E0201",)), rules, [ALL, NIGHT], 3).position == 20


def test_a_rule_whose_department_is_gone_is_a_fault_and_not_passed_over() -> None:
    rules = compile_routing({"routing_rules": [rule_row(10, "night"), rule_row(20, "all")]})
    for departments in ([ALL], [ALL, {**NIGHT, "disabled": True}]):
        routed = route(facts(), rules, departments, 3)
        assert routed.is_fault
        assert (routed.reason["why"], routed.reason["position"]) == ("DEPARTMENT_GONE", 10)
        assert routed.reason["department_id"] == "night"


def test_without_a_rule_the_departments_answer_and_a_rule_that_is_off_says_nothing() -> None:
    rules = compile_routing({"routing_rules": [rule_row(10, "night", enabled=False)]})
    routed = route(facts(), rules, [ALL, NIGHT], 3)
    assert (routed.id, routed.reason["why"], routed.position) == ("all", "ANSWERS_FOR", None)
    nobody = route(facts(type_codes=("C0101",)), rules, [ALL, NIGHT], 3)
    assert nobody.reason == {"why": "NO_DEPARTMENT", "type_code": "C0101", "street_code": "s1"}
    assert route(facts(type_codes=("E0401",)), rules, [{**ALL, "disabled": True}], 3).is_fault


def test_the_departments_of_the_condition_come_before_whoever_answers_for_the_type() -> None:
    seen = facts(condition_id="E0401-1", default_departments=("gone", "night"))
    routed = route(seen, compile_routing({"routing_rules": []}), [ALL, NIGHT], 3)
    assert (routed.id, routed.reason) == ("night", {"why": "CONDITION_SAYS", "condition_id": "E0401-1"})
    by_rule = compile_routing({"routing_rules": [rule_row(10, "all")]})
    assert route(seen, by_rule, [ALL, NIGHT], 3).reason["why"] == "ROUTED"
    nobody = route(seen, compile_routing({"routing_rules": []}), [ALL, {**NIGHT, "disabled": True}], 3)
    assert nobody.is_fault
    assert nobody.reason == {
        "why": "CONDITION_WITHOUT_DEPARTMENT", "condition_id": "E0401-1", "department_ids": ["gone", "night"],
    }  # fmt: skip


CODES = st.sampled_from([[], ["a"], ["b"], ["a", "b"]])
SEASONS = st.sampled_from([[], ["11-15..03-15"], ["12-01..02-28"], ["05-01..09-30"], ["01-01..12-31"]])
HOURS = st.sampled_from(
    [None, ("18:00", "02:00"), ("19:00", "01:00"), ("08:00", "20:00"), ("09:00", "18:00")]
)
DAYS = st.sampled_from([None, "2026-01-01", "2026-06-01", "2026-12-31"])


@st.composite
def some_rows(draw: st.DrawFn, position: int = 1) -> dict[str, Any]:
    hours = draw(HOURS) or (None, None)
    return rule_row(
        position,
        draw(st.sampled_from(["all", "night", "gone"])),
        type_prefixes=draw(st.sampled_from([[], ["E"], ["E04"], ["E0401"], ["C", "E04"]])),
        modules=draw(CODES), street_codes=draw(CODES), area_classes=draw(CODES), sources=draw(CODES),
        hours_from=hours[0], hours_to=hours[1], working_time=draw(st.sampled_from([None, True, False])),
        seasons=draw(SEASONS), weekdays=draw(st.sampled_from([[], ["5"], ["5", "6"], list("1234567")])),
        valid_from=draw(DAYS), valid_to=draw(DAYS), enabled=draw(st.booleans()),
    )  # fmt: skip


SOME_FACTS = st.builds(
    RouteFacts,
    type_codes=st.sampled_from([("E0401",), ("E0201",), ("C0101",), ("X1",)]),
    street_code=st.sampled_from("ab"), community_code=st.just("c"), grid_code=st.just("g"),
    area_class=st.sampled_from("ab"), source=st.sampled_from("ab"),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    modules=st.frozensets(st.sampled_from("ab")), is_working_time=st.booleans(),
)  # fmt: skip


@given(st.lists(some_rows(), max_size=6), SOME_FACTS)
def test_routing_is_total(rows: list[dict[str, Any]], seen: RouteFacts) -> None:
    rules = compile_routing({"routing_rules": [{**row, "position": at} for at, row in enumerate(rows)]})
    routed = route(seen, rules, [ALL, NIGHT], 1)
    first = next((row for row in rows if row["enabled"] and rule_of_row(row).fits(seen)), None)
    if routed.id is not None:
        assert routed.id in {"all", "night"}
        assert routed.reason["why"] in {"ROUTED", "ANSWERS_FOR"}
    else:
        assert routed.reason["why"] in {"DEPARTMENT_GONE", "NO_DEPARTMENT"}
    if first is not None:
        assert (routed.id or "gone") == first["department_id"]


_CHANGED = (
    ("hours_from", "hours_to"), ("seasons",), ("weekdays",), ("valid_from", "valid_to"), ("working_time",),
    ("type_prefixes", "modules"), ("street_codes", "area_classes", "sources"),
)  # fmt: skip


@settings(max_examples=2_000)
@given(some_rows(), some_rows(), st.lists(st.sampled_from(_CHANGED), max_size=2), SOME_FACTS)
def test_what_is_called_covered_is_covered(
    later: dict[str, Any], other: dict[str, Any], groups: list[tuple[str, ...]], seen: RouteFacts
) -> None:
    earlier = {**later, **{name: other[name] for names in groups for name in names}}
    first, second = rule_of_row(earlier), rule_of_row(later)
    assert not covers(first, second) or first.fits(seen) or not second.fits(seen)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ({"hours_from": "18:00", "hours_to": "02:00"}, {"hours_from": "19:00", "hours_to": "01:00"}, True),
        ({"hours_from": "19:00", "hours_to": "02:00"}, {"hours_from": "18:00", "hours_to": "01:00"}, False),
        ({"hours_from": "18:00", "hours_to": "02:00"}, {"hours_from": "00:00", "hours_to": "02:00"}, True),
        ({"hours_from": "18:00", "hours_to": "02:00"}, {}, False),
        ({"seasons": ["11-01..03-31"]}, {"seasons": ["12-01..02-28"]}, True),
        ({"seasons": ["11-01..03-31"]}, {"seasons": ["02-01..12-01"]}, False),
        ({"weekdays": ["5"]}, {"weekdays": ["5"], "hours_from": "18:00", "hours_to": "02:00"}, False),
        ({"valid_from": "2026-01-01"}, {"valid_from": "2026-02-01", "valid_to": "2026-03-01"}, True),
        ({"valid_to": "2026-01-01"}, {"valid_from": "2026-02-01"}, False),
        ({"working_time": True}, {}, False),
        ({"street_codes": ["a"]}, {"street_codes": ["a", "b"]}, False),
    ],
)  # fmt: skip
def test_covering_by_times_and_places(wide: dict[str, Any], narrow: dict[str, Any], expected: bool) -> None:
    assert covers(rule_of_row(rule_row(1, "x", **wide)), rule_of_row(rule_row(2, "x", **narrow))) is expected


@given(some_rows())
def test_a_rule_covers_itself(row: dict[str, Any]) -> None:
    rule = rule_of_row(row)
    assert covers(rule, rule)


@given(some_rows())
def test_a_rule_survives_its_file(row: dict[str, Any]) -> None:
    row = {**row, "area_classes": ["A"], "sources": ["CITIZEN"]}
    found = read_csv(ROUTING_TABLE, csv_of(row))
    assert (found.faults, found.rows) == ([], [row])


def faults_of(*rows: dict[str, Any]) -> list[tuple[int | None, str | None]]:
    return [(fault.row, fault.column) for fault in check_routing({"routing_rules": rows})]


def test_a_row_that_contradicts_itself_is_named() -> None:
    assert faults_of(
        rule_row(1, ""),
        rule_row(2, "all", hours_from="18:00"),
        rule_row(3, "all", hours_from="18:00", hours_to="18:00"),
        rule_row(3, "all", valid_from="2026-02-01", valid_to="2026-01-01"),
    ) == [(2, "department_id"), (3, "hours_to"), (4, "hours_to"), (5, "valid_to"), (5, "position")]


def test_a_rule_that_can_never_be_reached_is_named_unless_it_is_off() -> None:
    wide, narrow = rule_row(1, "all", type_prefixes=["E"]), rule_row(2, "night", type_prefixes=["E04"])
    assert faults_of(wide, narrow) == [(3, "position")]
    assert faults_of(wide, {**narrow, "enabled": False}) == []
    assert faults_of({**wide, "position": 3}, narrow) == []


def test_bad_cells_are_named_with_row_and_column() -> None:
    good = csv_of(rule_row(1, "all"))
    row = good.splitlines()[1].split(",")
    head = good.splitlines()[0].split(",")
    for column, cell in (
        ("position", "0"), ("area_classes", "D"), ("sources", "ROBOT"), ("hours_from", "25:00"),
        ("hours_to", "8"), ("seasons", "02-30..03-01"), ("seasons", "winter"), ("weekdays", "8"),
        ("valid_from", "yesterday"), ("department_id", ""), ("working_time", "maybe"),
    ):  # fmt: skip
        cells = [cell if name == column else old for name, old in zip(head, row, strict=True)]
        [fault] = read_csv(ROUTING_TABLE, f"{','.join(head)}\n{','.join(cells)}\n").faults
        assert (fault.row, fault.column) == (2, column)
        assert fault.zh and fault.en
