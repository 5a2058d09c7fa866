"""Who is nearest in every sense: the way, what an old fix is worth, open tasks, street and department."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.nearest_officers_rules import NEAREST_OFFICER_BOOK, OfficerWeights, Ranked, Skill, ranked
from city_core.cases.whereabouts import WayRule, way_to
from city_core.kit.geo import distance_m

HERE, AT = (118.055, 36.805), datetime(2026, 3, 2, 1, tzinfo=UTC)
RULE = WayRule()
_METRES = 1 / 89_000  # degrees of longitude here
AGES = st.none() | st.floats(-5, 200)
WAYS = st.integers(0, 30_000)


def officer(name: str, metres: float = 100, age: float | None = 1, **more: Any) -> dict[str, Any]:
    return {
        "_id": name, "department_id": "own", "street_codes": ["s"],
        "last_place": {"type": "Point", "coordinates": [HERE[0] + metres * _METRES, HERE[1]]},
        "last_place_at": None if age is None else AT - timedelta(minutes=age), **more,
    }  # fmt: skip


def in_order(*officers: dict[str, Any], **loads: int) -> list[Ranked]:
    skills = {"own": Skill.ANSWERS, "wider": Skill.ANSWERS_TOO, "has-it": Skill.OF_CASE}
    return ranked(officers, HERE, AT, loads, street_code="s", skills=skills, weights=OfficerWeights())


def names(*officers: dict[str, Any], **loads: int) -> list[str]:
    return [one.person["_id"] for one in in_order(*officers, **loads)]


@given(WAYS, AGES)
def test_a_fresh_fix_counts_as_it_is_and_doubt_never_makes_anybody_nearer(
    metres: int, age: float | None
) -> None:
    way = way_to(officer("a", metres, age), HERE, AT, RULE)
    true = distance_m((HERE[0] + metres * _METRES, HERE[1]), HERE)
    assert way.counted_m >= true - 1e-6
    assert way.counted_m <= max(true, RULE.unknown_m)
    if age is not None and age <= RULE.fresh_minutes:
        assert way.counted_m == way.distance_m == pytest.approx(true)


@given(WAYS, st.floats(0, 200), st.floats(0, 200))
def test_an_older_fix_never_counts_as_nearer(metres: int, one: float, other: float) -> None:
    newer, older = (
        way_to(officer("a", metres, age), HERE, AT, RULE).counted_m for age in sorted((one, other))
    )
    assert newer <= older + 1e-6


@given(WAYS, WAYS, AGES)
def test_a_longer_way_never_counts_as_nearer(one: int, other: int, age: float | None) -> None:
    near, far = (way_to(officer("a", way, age), HERE, AT, RULE).counted_m for way in sorted((one, other)))
    assert near <= far + 1e-6


def test_nobody_knows_where_somebody_is() -> None:
    for person in (officer("a", last_place=None), officer("a", 50, RULE.stale_minutes)):
        way = way_to(person, HERE, AT, RULE)
        assert (way.distance_m, way.counted_m) == (None, RULE.unknown_m)


def test_the_nearest_with_the_fresher_fix_and_less_to_do_comes_first() -> None:
    assert names(officer("far", 900), officer("near", 300)) == ["near", "far"]
    assert names(officer("near", 300, 55), officer("far", 900)) == ["far", "near"]
    assert names(officer("near", 300), officer("far", 900), near=1) == ["far", "near"]
    assert names(officer("near", 300), officer("far", 900), near=1, far=1) == ["near", "far"]


def test_the_own_street_and_the_department_that_answers_first_come_before_a_short_way() -> None:
    strange = officer("strange", 10, street_codes=["other"])
    assert names(strange, officer("own", 1_500)) == ["own", "strange"]
    wider = officer("wider", 10, department_id="wider")
    assert names(wider, officer("own", 2_500)) == ["own", "wider"]
    assert names(wider, officer("own", 3_500)) == ["wider", "own"]
    assert names(officer("a", 500), officer("b", 400, department_id="has-it")) == ["b", "a"]


def test_every_figure_that_was_weighed_is_given() -> None:
    [one] = in_order(officer("a", 300, 3, street_codes=["other"]), a=2)
    assert (one.open_tasks, one.own_street, one.skill) == (2, False, Skill.ANSWERS)
    assert one.way.distance_m == pytest.approx(300, rel=0.01) and one.way.age_minutes == pytest.approx(3)
    assert one.counted_m == pytest.approx(one.way.counted_m + 2 * 1_500 + 2_000)


def test_who_is_equal_stands_in_the_order_of_ids() -> None:
    assert names(officer("b"), officer("c"), officer("a")) == ["a", "b", "c"]


def test_the_weights_are_rows_that_the_city_can_change() -> None:
    content = NEAREST_OFFICER_BOOK.first_content
    assert NEAREST_OFFICER_BOOK.compile(content) == OfficerWeights()
    some = {"weights": [{"weight": "open_task_m", "value": 0}]}
    assert NEAREST_OFFICER_BOOK.compile(some) == OfficerWeights(open_task_m=0)
    wrong = {"weights": [{"weight": "fresh_minutes", "value": 90}]}
    [fault] = NEAREST_OFFICER_BOOK.check(wrong)
    assert "stale_minutes" in fault.en
