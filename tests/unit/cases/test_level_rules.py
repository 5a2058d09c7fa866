"""Exactly one level has a case, and at a level one department, of that level and that place."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from city_core.cases.joint.children import all_ready
from city_core.cases.joint.leaders import choose_leader
from city_core.cases.levels.holders import departments_at, holds
from city_core.cases.levels.rules import LEVELS, LEVELS_BOOK, Level, above, below, covers
from city_core.cases.levels.timeout import level_due_at, level_timeout
from city_core.cases.routing import choose_department
from city_core.cases.workflow import FINAL_STATES, State

PLACE = {"street_code": "s1", "community_code": "s1c1"}
departments = st.lists(
    st.fixed_dictionaries({
        "_id": st.sampled_from("abcdef"),
        "level": st.sampled_from([level.value for level in LEVELS]),
        "area_code": st.sampled_from(["", "s1", "s2", "s1c1", "s2c1"]),
        "answers_for": st.just([{"type_prefix": "C", "street_codes": []}]),
    }),
    unique_by=lambda row: row["_id"],
)  # fmt: skip
levels = st.sampled_from(LEVELS)


@given(levels, departments)
def test_a_level_has_at_most_one_holder_and_it_is_of_that_level_and_place(
    level: Level, rows: list[dict[str, Any]]
) -> None:
    own = departments_at(level, PLACE, rows)
    chosen = choose_department("C0102", PLACE["street_code"], own)
    assert (chosen.id is None) == (own == [])
    holders = [row for row in rows if row["_id"] == chosen.id]
    for row in holders:
        assert row["level"] == level
        assert level is Level.DISTRICT or row["area_code"] in PLACE.values()
    others = [other for other in LEVELS if other is not level]
    assert not any(holds(row, other, PLACE) for row in holders for other in others)


@given(st.lists(st.sampled_from(["up", "down"])), levels)
def test_any_way_up_and_down_stays_on_the_three_levels(ways: list[str], level: Level) -> None:
    for way in ways:
        level = (above(level) if way == "up" else below(level)) or level
        assert level in LEVELS
    assert covers(Level.DISTRICT, level) and covers(level, Level.COMMUNITY)


def test_the_ends_have_nothing_beyond() -> None:
    assert (above("DISTRICT"), below("COMMUNITY")) == (None, None)
    assert (above("COMMUNITY"), below("DISTRICT")) == (Level.STREET, Level.STREET)


def test_the_longest_prefix_wins_and_what_no_row_is_about_is_the_districts() -> None:
    row: dict[str, Any] = {
        f"{level.value.lower()}_{name}": None for level in LEVELS for name in ("limit_value", "limit_unit")
    }
    may = {"community_may_close": True, "street_may_close": False, "district_may_close": True}
    content = {"level_rules": [
        {**row, **may, "type_prefix": "C", "start_level": "STREET"},
        {**row, **may, "type_prefix": "C01", "start_level": "COMMUNITY", "community_limit_value": 2,
         "community_limit_unit": "work_hour"},
    ]}  # fmt: skip
    rules = LEVELS_BOOK.compile(content)
    assert rules.terms("C0102").start is Level.COMMUNITY
    assert rules.terms("C0102").facts(Level.COMMUNITY)["limit"]["value"] == 2
    assert rules.terms("C0301").start is Level.STREET
    assert rules.terms("E0110").start is Level.DISTRICT
    assert rules.terms(None).closers == {Level.DISTRICT}


@given(st.sampled_from(list(State)), levels, st.booleans())
def test_the_work_of_a_level_follows_its_clock(state: State, level: Level, has_clock: bool) -> None:
    clocks = {"level": {"due_at": 7} if has_clock else None}
    after = {"state": state, "level": level, "version": 5, "clocks": clocks}
    drops, items = level_timeout({"work": []}, after)
    due = level_due_at(after)
    assert [item.due_at for item in items] == ([] if due is None else [due])
    planned = {"work": [{"kind": "upgrade", "input": {"due_at": 7}}]}
    drops, items = level_timeout(planned, after)
    assert (drops, items) == ((set(), []) if due == 7 else ({"upgrade"}, []))
    if state in FINAL_STATES or level is Level.DISTRICT:
        assert due is None


def test_the_leader_of_the_street_comes_before_that_of_the_district() -> None:
    leaders = [{"_id": "a", "street_codes": ["1", "2"]}, {"_id": "b", "street_codes": ["1"]}]
    assert choose_leader(leaders).id == "b"
    assert choose_leader(leaders, kept_apart={"b"}).id == "a"
    assert choose_leader([]).reason == {"why": "NOBODY"}


@given(st.lists(st.sampled_from([state.value for state in State])))
def test_the_whole_is_ready_when_no_part_is_under_way(states: list[str]) -> None:
    done = {*FINAL_STATES, State.PENDING_CLOSING}
    assert all_ready(states) == (not set(states) - done)
