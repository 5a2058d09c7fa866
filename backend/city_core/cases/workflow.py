"""The loop as one table: which step is possible in which state, for which post, and where it leads.

Follows GB/T 30428.8 practice: report, verify 核实, file 立案, dispatch 派遣, handle 处置,
check 核查, close 结案.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from city_core.kit.problems import CityProblem
from city_core.people.roles import Role


class State(StrEnum):
    """Where a case stands."""

    REPORTED = "REPORTED"  # 已上报
    PENDING_VERIFICATION = "PENDING_VERIFICATION"  # 待核实
    PENDING_FILING = "PENDING_FILING"  # 待立案
    FILED = "FILED"  # 已立案
    DISPATCHED = "DISPATCHED"  # 已派遣
    IN_PROGRESS = "IN_PROGRESS"  # 处置中
    HANDLED = "HANDLED"  # 已处置
    PENDING_CHECK = "PENDING_CHECK"  # 待核查
    REWORK = "REWORK"  # 返工
    PENDING_CLOSING = "PENDING_CLOSING"  # 待结案
    CLOSED = "CLOSED"  # 已结案
    REJECTED = "REJECTED"  # 不予立案
    CANCELLED = "CANCELLED"  # 已撤销


class Action(StrEnum):
    """One step of the loop."""

    SUBMIT = "SUBMIT"  # 上报
    ADD_PHOTOS = "ADD_PHOTOS"  # 补充照片
    RECORD_DETECTIONS = "RECORD_DETECTIONS"  # 识别
    REQUEST_VERIFICATION = "REQUEST_VERIFICATION"  # 要求核实
    ADMIT = "ADMIT"  # 免核实受理
    VERIFY = "VERIFY"  # 核实
    FILE = "FILE"  # 立案
    REJECT = "REJECT"  # 不予立案
    CANCEL = "CANCEL"  # 撤销
    DISPATCH = "DISPATCH"  # 派遣
    RETURN = "RETURN"  # 回退
    ACCEPT = "ACCEPT"  # 签收
    REPORT_HANDLED = "REPORT_HANDLED"  # 处置反馈
    REQUEST_CHECK = "REQUEST_CHECK"  # 要求核查
    PASS_CHECK = "PASS_CHECK"  # 核查通过
    FAIL_CHECK = "FAIL_CHECK"  # 核查不通过
    SEND_BACK = "SEND_BACK"  # 退回返工
    CLOSE = "CLOSE"  # 结案
    RATE = "RATE"  # 评价


FINAL_STATES = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED})
OPEN_STATES = frozenset(State) - FINAL_STATES


@dataclass(frozen=True)
class Rule:
    """What a step leads to, and the posts that may take it."""

    to: State
    roles: frozenset[Role]


_REPORTERS = frozenset({Role.CITIZEN, Role.INSPECTOR})
_SYSTEM = frozenset({Role.SYSTEM})
_INSPECTORS = frozenset({Role.INSPECTOR})
_OFFICERS = frozenset({Role.OFFICER})
_FILERS = frozenset({Role.ACCEPTOR, Role.SHIFT_LEADER})
_DISPATCHERS = frozenset({Role.DISPATCHER})
_CLOSERS = frozenset({Role.SHIFT_LEADER})

_S, _A = State, Action
_MOVES: dict[tuple[State, Action], Rule] = {
    (_S.REPORTED, _A.REQUEST_VERIFICATION): Rule(_S.PENDING_VERIFICATION, _SYSTEM),
    (_S.REPORTED, _A.ADMIT): Rule(_S.PENDING_FILING, _SYSTEM),
    (_S.REPORTED, _A.CANCEL): Rule(_S.CANCELLED, _REPORTERS),
    (_S.PENDING_VERIFICATION, _A.VERIFY): Rule(_S.PENDING_FILING, _INSPECTORS),
    (_S.PENDING_VERIFICATION, _A.CANCEL): Rule(_S.CANCELLED, _REPORTERS),
    (_S.PENDING_VERIFICATION, _A.REJECT): Rule(_S.REJECTED, _FILERS),
    (_S.PENDING_FILING, _A.FILE): Rule(_S.FILED, _FILERS | _SYSTEM),
    (_S.PENDING_FILING, _A.REJECT): Rule(_S.REJECTED, _FILERS),
    (_S.PENDING_FILING, _A.CANCEL): Rule(_S.CANCELLED, _REPORTERS),
    (_S.FILED, _A.DISPATCH): Rule(_S.DISPATCHED, _DISPATCHERS | _SYSTEM),
    (_S.DISPATCHED, _A.DISPATCH): Rule(_S.DISPATCHED, _DISPATCHERS),
    (_S.DISPATCHED, _A.ACCEPT): Rule(_S.IN_PROGRESS, _OFFICERS),
    (_S.DISPATCHED, _A.RETURN): Rule(_S.FILED, _OFFICERS),
    (_S.IN_PROGRESS, _A.REPORT_HANDLED): Rule(_S.HANDLED, _OFFICERS),
    (_S.IN_PROGRESS, _A.RETURN): Rule(_S.FILED, _OFFICERS),
    (_S.HANDLED, _A.REQUEST_CHECK): Rule(_S.PENDING_CHECK, _SYSTEM),
    (_S.PENDING_CHECK, _A.PASS_CHECK): Rule(_S.PENDING_CLOSING, _INSPECTORS),
    (_S.PENDING_CHECK, _A.FAIL_CHECK): Rule(_S.REWORK, _INSPECTORS),
    (_S.REWORK, _A.ACCEPT): Rule(_S.IN_PROGRESS, _OFFICERS),
    (_S.REWORK, _A.DISPATCH): Rule(_S.DISPATCHED, _DISPATCHERS),
    (_S.PENDING_CLOSING, _A.CLOSE): Rule(_S.CLOSED, _CLOSERS | _SYSTEM),
    (_S.PENDING_CLOSING, _A.SEND_BACK): Rule(_S.REWORK, _CLOSERS),
    (_S.CLOSED, _A.RATE): Rule(_S.CLOSED, frozenset({Role.CITIZEN})),
}
_STAYS: dict[Action, tuple[frozenset[State], frozenset[Role]]] = {
    Action.RECORD_DETECTIONS: (frozenset(State), _SYSTEM),  # every photo is looked at, be it late
    Action.ADD_PHOTOS: (OPEN_STATES, _REPORTERS | _OFFICERS),
}
TRANSITIONS: Mapping[tuple[State, Action], Rule] = {
    **_MOVES,
    **{
        (state, action): Rule(state, roles)
        for action, (states, roles) in _STAYS.items()
        for state in State
        if state in states
    },
}
SUBMITTERS = _REPORTERS

_DUTIES_APART: tuple[tuple[frozenset[Action], frozenset[Action]], ...] = (
    (frozenset({_A.SUBMIT}), frozenset({_A.VERIFY})),
    (frozenset({_A.SUBMIT, _A.VERIFY, _A.FILE, _A.CLOSE}), frozenset({_A.DISPATCH})),
    (
        frozenset({_A.SUBMIT, _A.VERIFY, _A.FILE, _A.CLOSE, _A.DISPATCH}),
        frozenset({_A.ACCEPT, _A.REPORT_HANDLED}),
    ),
    (
        frozenset({_A.SUBMIT, _A.DISPATCH, _A.ACCEPT, _A.REPORT_HANDLED}),
        frozenset({_A.PASS_CHECK, _A.FAIL_CHECK}),
    ),
    (frozenset({_A.PASS_CHECK, _A.FAIL_CHECK}), frozenset({_A.CLOSE})),
)


def next_state(state: State, action: Action, role: Role) -> State:
    """Say where a step leads, or refuse it: not possible in this state, or not for this post."""
    rule = TRANSITIONS.get((state, action))
    if rule is None:
        raise CityProblem("STEP_NOT_POSSIBLE", field="state", allowed=_steps_in(state))
    if role not in rule.roles:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(rule.roles)))
    return rule.to


def possible_actions(state: State, role: Role) -> list[Action]:
    """List the steps that a post may take in a state."""
    return [action for (at, action), rule in TRANSITIONS.items() if at == state and role in rule.roles]


def duties_kept_apart_from(action: Action) -> frozenset[Action]:
    """Name the steps whose doer may not also do this one on the same case (监管分离)."""
    apart: set[Action] = set()
    for some, others in _DUTIES_APART:
        if action in some:
            apart |= others
        if action in others:
            apart |= some
    return frozenset(apart)


def _steps_in(state: State) -> str:
    steps = sorted(action for at, action in TRANSITIONS if at == state)
    return ", ".join(steps) or "none: the case has ended"
