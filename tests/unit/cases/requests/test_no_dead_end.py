"""Whatever the posts do, in any order: no case is stuck, and no request waits where nobody can decide."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from city_core.cases.requests.approvals import (
    APPROVALS,
    RequestKind,
    next_reviewer,
    pending_request,
    settled_requests,
)
from city_core.cases.requests.rules import new_request, reviewed, with_request
from city_core.cases.workflow import FINAL_STATES, FIRST_STATES, TRANSITIONS, Action, State
from city_core.people.roles import Actor, Role

NOW = datetime(2026, 11, 20, tzinfo=UTC)
_ASKED_BY = {approval.asks: kind for kind, approval in APPROVALS.items()}
_DECIDED_BY = {approval.decides: kind for kind, approval in APPROVALS.items()}


@cache
def ends_from(state: State) -> frozenset[State]:
    """Name every state that can be reached from one."""
    found = {state}
    while True:
        further = found | {end for (at, _), rule in TRANSITIONS.items() if at in found for end in rule.ends}
        if further == found:
            return frozenset(found)
        found = further


def step(data: st.DataObject, case: dict[str, Any]) -> None:
    """Take one step that the table allows, and keep the requests as the writing of a step keeps them."""
    at = State(case["state"])
    action, rule = data.draw(
        st.sampled_from([(action, rule) for (state, action), rule in TRANSITIONS.items() if state is at])
    )
    role = data.draw(st.sampled_from(sorted(rule.roles)))
    actor = Actor(f"{role}-1", role, department_id="sanitation" if role is Role.OFFICER else None)
    to = data.draw(st.sampled_from(sorted(rule.ends)))
    changes: dict[str, Any] = {}
    if action in _ASKED_BY and pending_request(case) is None:
        asked = new_request(
            _ASKED_BY[action], actor, request_id=str(case["steps"]), reason="x", now=NOW, given={}
        )
        changes["requests"] = [*case["requests"], asked]
    waiting = pending_request(case)
    if action in _DECIDED_BY:
        if waiting is None or waiting["kind"] != _DECIDED_BY[action] or next_reviewer(waiting) is not role:
            return  # refused: nothing happens
        ended = reviewed(waiting, actor, approved=data.draw(st.booleans()), opinion="x", now=NOW)
        changes["requests"] = with_request(case, ended)
        to = to if ended["state"] == "APPROVED" else at
    if action in (Action.DISPATCH, Action.DECIDE_DEPARTMENT):
        changes["department_id"] = data.draw(st.sampled_from(["sanitation", "water"]))
    if action in (Action.RETURN, Action.RETURN_TO_ACCEPTOR):
        changes["department_id"] = None
    case.update(changes)
    case.update(settled_requests(case, to))
    case["state"] = to.value
    case["steps"] += 1


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_sequence_of_steps_gets_stuck(data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(sorted(FIRST_STATES.values())))
    case = {"state": first, "department_id": None, "requests": [], "review": None, "steps": 0}
    for _ in range(data.draw(st.integers(1, 60))):
        step(data, case)
        state = State(case["state"])
        assert ends_from(state) & FINAL_STATES, f"no way out of {state}"
        waiting = pending_request(case)
        if waiting is None or state is State.MERGED:
            assert case["review"] is None
            continue
        approval, reviewer = APPROVALS[RequestKind(waiting["kind"])], next_reviewer(waiting)
        assert reviewer in TRANSITIONS[state, approval.decides].roles
        assert Role(waiting["asked_role"]) in TRANSITIONS[state, Action.WITHDRAW_REQUEST].roles
        assert case["review"]["role"] == reviewer
        assert waiting["department_id"] in (None, case["department_id"])
        assert len([row for row in case["requests"] if row["state"] == "PENDING"]) == 1


def test_every_reviewer_may_decide_wherever_the_request_lives() -> None:
    for approval in APPROVALS.values():
        for state in approval.lives_in:
            assert set(approval.reviewers) <= TRANSITIONS[state, approval.decides].roles
            assert (state, Action.WITHDRAW_REQUEST) in TRANSITIONS


def test_what_is_asked_for_can_be_decided_on_in_the_very_state_where_it_is_asked() -> None:
    for approval in APPROVALS.values():
        asked_in = {state for state, action in TRANSITIONS if action is approval.asks}
        assert asked_in == approval.lives_in
