"""Every pair of state and action, for every post: what is in the table works, all else is refused."""

from __future__ import annotations

import itertools

import pytest

from city_core.cases.workflow import (
    FINAL_STATES,
    FIRST_STATES,
    OPEN_STATES,
    TRANSITIONS,
    Action,
    State,
    duties_kept_apart_from,
    next_state,
    possible_actions,
)
from city_core.kit.problems import CityProblem
from city_core.people.roles import Role


@pytest.mark.parametrize("state", State)
def test_each_pair_and_post(state: State) -> None:
    for action, role in itertools.product(Action, Role):
        rule = TRANSITIONS.get((state, action))
        told = f"{state} {action} {role}"
        if rule is None:
            assert _refusal(state, action, role) == "STEP_NOT_POSSIBLE", told
        elif role not in rule.roles:
            assert _refusal(state, action, role) == "NOT_ALLOWED", told
            assert action not in possible_actions(state, role), told
        else:
            assert next_state(state, action, role) is rule.to, told
            assert action in possible_actions(state, role), told


def _refusal(state: State, action: Action, role: Role) -> str:
    with pytest.raises(CityProblem) as refused:
        next_state(state, action, role)
    return refused.value.code


def test_every_transition_names_a_post() -> None:
    assert all(rule.roles for rule in TRANSITIONS.values())


def test_every_state_can_be_reached_and_every_open_one_left_to_an_end() -> None:
    reached = _reachable(set(FIRST_STATES.values()))
    assert reached == set(State)
    for state in OPEN_STATES:
        assert _reachable({state}) & FINAL_STATES, f"no way out of {state}"


def test_ended_cases_stay_ended() -> None:
    for state in FINAL_STATES - {State.MERGED}:  # a merge can be undone
        assert {end for (at, _), rule in TRANSITIONS.items() if at == state for end in rule.ends} <= {state}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Action.VERIFY, Action.REPORT_HANDLED),
        (Action.SUBMIT, Action.PASS_CHECK),
        (Action.SUBMIT, Action.VERIFY),
        (Action.DISPATCH, Action.REPORT_HANDLED),
        (Action.DISPATCH, Action.FAIL_CHECK),
        (Action.REPORT_HANDLED, Action.PASS_CHECK),
        (Action.FILE, Action.DISPATCH),
        (Action.CLOSE, Action.ACCEPT),
    ],
)
def test_duties_are_kept_apart_both_ways(one: Action, other: Action) -> None:
    assert other in duties_kept_apart_from(one)
    assert one in duties_kept_apart_from(other)


def test_one_person_may_go_on_with_their_own_duty() -> None:
    for action in Action:
        assert action not in duties_kept_apart_from(action)
    assert Action.REPORT_HANDLED not in duties_kept_apart_from(Action.ACCEPT)
    assert Action.CLOSE not in duties_kept_apart_from(Action.FILE)


def _reachable(states: set[State]) -> set[State]:
    while True:
        further = states | {end for (at, _), rule in TRANSITIONS.items() if at in states for end in rule.ends}
        if further == states:
            return states
        states = further
