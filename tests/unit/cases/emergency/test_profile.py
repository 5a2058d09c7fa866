"""The limits of an emergency: own ones, parts of the normal one, and which types belong to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.emergency.desired import normal_limit
from city_core.cases.emergency.profile import LimitRule, Profile, part_of
from city_core.catalogue.limits import MOST_UNITS, UNITS, Counts, Limit

FLOOD = Profile(
    "flood", "防汛", "Flood", True, 2, frozenset(), "",
    {"C01": LimitRule(None, 50), "C0102": LimitRule(Limit(30, "urgent_minute"))},
    {"C0102": "drainage"},
)  # fmt: skip

limits = st.builds(
    lambda value, unit: Limit(value, unit, "heating" if UNITS[unit][1] is Counts.SEASON else None),
    st.integers(1, MOST_UNITS),
    st.sampled_from(sorted(UNITS)),
)


@pytest.mark.parametrize(
    ("normal", "percent", "part"),
    [
        (Limit(4, "work_hour"), 50, Limit(2, "work_hour")),
        (Limit(1, "work_day"), 50, Limit(4, "work_hour")),
        (Limit(2, "urgent_hour"), 25, Limit(30, "urgent_minute")),
        (Limit(1, "urgent_minute"), 10, Limit(1, "urgent_minute")),
        (Limit(3, "natural_day"), 50, Limit(2, "natural_day")),
        (Limit(3, "season_day", "heating"), 10, Limit(1, "season_day", "heating")),
        (Limit(20, "urgent_day"), 33, Limit(9504, "urgent_minute")),
        (Limit(421, "urgent_day"), 99, Limit(417, "urgent_day")),
        (Limit(2, "work_hour"), 200, Limit(4, "work_hour")),
    ],
)
def test_a_part_of_a_limit(normal: Limit, percent: int, part: Limit) -> None:
    assert part_of(normal, percent) == part


@given(limits, st.integers(1, 100))
def test_a_part_is_a_limit_in_the_same_measure_and_never_more_than_the_whole(
    normal: Limit, percent: int
) -> None:
    part = part_of(normal, percent)
    assert part.counts is normal.counts and part.season == normal.season
    assert percent * normal.seconds <= 100 * part.seconds <= 100 * normal.seconds


@given(limits)
def test_all_of_a_limit_lasts_as_long_as_the_limit(normal: Limit) -> None:
    assert part_of(normal, 100).seconds == normal.seconds


def test_the_longest_prefix_wins_and_other_types_do_not_belong() -> None:
    hour = Limit(1, "urgent_hour")
    assert FLOOD.limit_for("C0102", hour) == Limit(30, "urgent_minute")
    assert FLOOD.limit_for("C0101", hour) == Limit(30, "urgent_minute")
    assert FLOOD.limit_for("E0110", hour) is None
    assert FLOOD.limit_for(None, hour) is None
    assert FLOOD.route_for("C0102") == ("C0102", "drainage")
    assert FLOOD.route_for("C0101") is None
    assert (FLOOD.belongs("C0103"), FLOOD.belongs("E0110")) == (True, False)


def test_the_normal_limit_is_that_of_the_last_filing_whatever_was_switched_since() -> None:
    normal, urgent = Limit(4, "work_hour"), Limit(30, "urgent_minute")
    submitted = {"action": "SUBMIT", "facts": {}}
    filed = {"action": "FILE", "facts": {"limit": normal.row()}}
    switched = {"action": "SWITCH_CLOCK", "facts": {"limit": urgent.row(), "emergency_id": "e"}}
    filed_in_it = {"action": "FILE", "facts": {"limit": urgent.row(), "normal_limit": normal.row()}}
    assert normal_limit([submitted]) is None
    assert normal_limit([submitted, filed, switched]) == normal
    assert normal_limit([submitted, filed_in_it]) == normal


def test_the_second_step_of_a_case_has_its_own_normal_limit() -> None:
    first, second = Limit(2, "urgent_hour"), Limit(3, "work_day")
    history = [
        {"action": "FILE", "facts": {"limit": first.row()}},
        {"action": "FILE_FOLLOW_UP", "facts": {"limit": first.row(), "normal_limit": second.row()}},
    ]
    assert normal_limit(history) == second
