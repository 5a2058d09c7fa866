"""Who gets a case: departments by prefix and street, people by street, load and way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from city_core.cases.nearest_officers_rules import OfficerWeights
from city_core.cases.routing import choose_department, choose_person

HERE = (118.055, 36.813)
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
NOW: Any = {"at": AT, "weights": OfficerWeights()}


def department(name: str, *lines: tuple[str, list[str]]) -> dict[str, object]:
    return {"_id": name, "answers_for": [{"type_prefix": p, "street_codes": s} for p, s in lines]}


def person(name: str, lng: float, streets: list[str]) -> dict[str, object]:
    return {"_id": name, "street_codes": streets, "last_place": {"coordinates": [lng, HERE[1]]}}


DEPARTMENTS = [department("all", ("E", [])), department("garbage", ("E0110", [])),
               department("south", ("E0110", ["s"]))]  # fmt: skip


def test_longest_prefix_wins_then_the_own_street() -> None:
    assert choose_department("E0201", "s", DEPARTMENTS).id == "all"
    assert choose_department("E0110", "n", DEPARTMENTS).id == "garbage"
    assert choose_department("E0110", "s", DEPARTMENTS).id == "south"


def test_no_department_gives_a_named_reason() -> None:
    choice = choose_department("C0101", "s", DEPARTMENTS)
    assert choice.id is None
    assert choice.reason == {"why": "NO_DEPARTMENT", "type_code": "C0101", "street_code": "s"}


def test_own_street_before_distance_and_load_before_a_short_way() -> None:
    near_elsewhere = person("near", 118.055, ["n"])
    far_own = person("far", 118.075, ["s"])
    busy_own = person("busy", 118.056, ["s"])
    people = [near_elsewhere, far_own, busy_own]
    assert choose_person(people, HERE, {}, street_code="s", **NOW).id == "busy"
    assert choose_person(people, HERE, {"busy": 5}, street_code="s", **NOW).id == "far"
    assert choose_person(people, HERE, {}, street_code="s", **NOW, kept_apart={"busy", "far"}).id == "near"


def test_nobody_left_is_said() -> None:
    choice = choose_person([person("a", 118.0, ["s"])], HERE, {}, street_code="s", **NOW, kept_apart={"a"})
    assert choice.id is None
    assert choice.reason == {"why": "NOBODY"}


def test_a_stale_fix_next_door_is_not_better_than_a_fresh_one_round_the_corner() -> None:
    stale = {**person("stale", 118.055, ["s"]), "last_place_at": AT - timedelta(hours=2)}
    fresh = {**person("fresh", 118.065, ["s"]), "last_place_at": AT - timedelta(minutes=1)}
    assert choose_person([stale, fresh], HERE, {}, street_code="s", **NOW).id == "fresh"
    alone = choose_person([stale], HERE, {}, street_code="s", **NOW)
    assert (alone.id, alone.reason["distance_m"]) == ("stale", None)
