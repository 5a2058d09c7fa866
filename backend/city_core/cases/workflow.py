"""The loop as one table: which step is possible in which state, for which post, and where it leads.

Follows GB/T 30428.8 practice: report, verify 核实, file 立案, dispatch 派遣, handle 处置,
check 核查, close 结案; and beside them returns, extensions, suspensions, levels, merging and supervision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from city_core.cases.vocabulary import (
    CHECKING_STATES,
    FILED_STATES,
    FINAL_STATES,
    HANDLING_STATES,
    OPEN_STATES,
    Action,
    State,
)
from city_core.kit.problems import CityProblem
from city_core.people.roles import ADMINISTRATION, Role

__all__ = [
    "CHECKING_STATES", "FILED_STATES", "FINAL_STATES", "FIRST_STATES", "HANDLING_STATES", "OPEN_STATES",
    "SUBMITTERS", "TRANSITIONS", "Action", "Rule", "State", "duties_kept_apart_from", "next_state",
    "possible_actions", "rule_of",
]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Where a step leads, who may take it, and where else it may lead if its use-case says so."""

    to: State
    roles: frozenset[Role]
    or_to: frozenset[State] = frozenset()

    @property
    def ends(self) -> frozenset[State]:
        return self.or_to | {self.to}


_REPORTERS = frozenset({Role.CITIZEN, Role.INSPECTOR})
_SYSTEM = frozenset({Role.SYSTEM})
_INSPECTORS = frozenset({Role.INSPECTOR})
_OFFICERS = frozenset({Role.OFFICER})
_FILERS = frozenset({Role.ACCEPTOR, Role.SHIFT_LEADER})
_DISPATCHERS = frozenset({Role.DISPATCHER})
_CLOSERS = frozenset({Role.SHIFT_LEADER})
_LEADERS = frozenset({Role.LEADER})
_STAFF = frozenset(Role) - {Role.CITIZEN, Role.SYSTEM} - ADMINISTRATION

_S, _A = State, Action
_RESUMED = frozenset({_S.FILED, _S.DISPATCHED, _S.IN_PROGRESS, _S.REWORK})
_MERGEABLE = frozenset(
    {_S.PENDING_VERIFICATION, _S.PENDING_FILING, _S.FILED, _S.PENDING_DECISION, *HANDLING_STATES}
)
_SPLITTABLE = frozenset({_S.FILED, _S.PENDING_DECISION})
FIRST_STATES: Mapping[Action, State] = {
    _A.SUBMIT: _S.REPORTED,
    _A.SUBMIT_HANDLED: _S.PENDING_SPOT_REVIEW,
    _A.SPLIT_OFF: _S.FILED,
}
_MOVES: dict[tuple[State, Action], Rule] = {
    (_S.REPORTED, _A.REQUEST_VERIFICATION): Rule(_S.PENDING_VERIFICATION, _SYSTEM),
    (_S.REPORTED, _A.ADMIT): Rule(_S.PENDING_FILING, _SYSTEM),
    (_S.REPORTED, _A.CANCEL): Rule(_S.CANCELLED, _REPORTERS),
    (_S.PENDING_SPOT_REVIEW, _A.APPROVE_SPOT): Rule(_S.CLOSED, _FILERS),
    (_S.PENDING_SPOT_REVIEW, _A.REFUSE_SPOT): Rule(_S.PENDING_FILING, _FILERS),
    (_S.PENDING_VERIFICATION, _A.VERIFY): Rule(_S.PENDING_FILING, _INSPECTORS),
    (_S.PENDING_VERIFICATION, _A.CANCEL): Rule(_S.CANCELLED, _REPORTERS),
    (_S.PENDING_VERIFICATION, _A.REJECT): Rule(_S.REJECTED, _FILERS),
    (_S.PENDING_FILING, _A.FILE): Rule(_S.FILED, _FILERS | _SYSTEM),
    (_S.PENDING_FILING, _A.REJECT): Rule(_S.REJECTED, _FILERS),
    (_S.PENDING_FILING, _A.CANCEL): Rule(_S.CANCELLED, _REPORTERS),
    (_S.FILED, _A.DISPATCH): Rule(_S.DISPATCHED, _DISPATCHERS | _SYSTEM),
    (_S.FILED, _A.RETURN_TO_ACCEPTOR): Rule(_S.PENDING_FILING, _DISPATCHERS),
    (_S.PENDING_DECISION, _A.DECIDE_DEPARTMENT): Rule(_S.DISPATCHED, _LEADERS),
    (_S.PENDING_DECISION, _A.RETURN_TO_ACCEPTOR): Rule(_S.PENDING_FILING, _LEADERS),
    (_S.DISPATCHED, _A.DISPATCH): Rule(_S.DISPATCHED, _DISPATCHERS),
    (_S.DISPATCHED, _A.ACCEPT): Rule(_S.IN_PROGRESS, _OFFICERS),
    (_S.DISPATCHED, _A.RETURN): Rule(_S.FILED, _OFFICERS, frozenset({_S.PENDING_DECISION})),
    (_S.IN_PROGRESS, _A.REPORT_HANDLED): Rule(_S.HANDLED, _OFFICERS),
    (_S.IN_PROGRESS, _A.RETURN): Rule(_S.FILED, _OFFICERS, frozenset({_S.PENDING_DECISION})),
    (_S.HANDLED, _A.REQUEST_CHECK): Rule(_S.PENDING_CHECK, _SYSTEM),
    (_S.PENDING_CHECK, _A.PASS_CHECK): Rule(_S.PENDING_CLOSING, _INSPECTORS),
    (_S.PENDING_CHECK, _A.FAIL_CHECK): Rule(_S.REWORK, _INSPECTORS),
    (_S.REWORK, _A.ACCEPT): Rule(_S.IN_PROGRESS, _OFFICERS),
    (_S.REWORK, _A.DISPATCH): Rule(_S.DISPATCHED, _DISPATCHERS),
    (_S.PENDING_CLOSING, _A.CLOSE): Rule(_S.CLOSED, _CLOSERS | _SYSTEM),
    (_S.PENDING_CLOSING, _A.SEND_BACK): Rule(_S.REWORK, _CLOSERS, frozenset({_S.AWAITING_CHILDREN})),
    (_S.PENDING_CLOSING, _A.FILE_FOLLOW_UP): Rule(_S.FILED, _SYSTEM),
    (_S.SUSPENDED, _A.RESUME): Rule(_S.IN_PROGRESS, _DISPATCHERS | _CLOSERS | _SYSTEM, _RESUMED),
    (_S.AWAITING_CHILDREN, _A.CHILD_READY): Rule(
        _S.AWAITING_CHILDREN, _SYSTEM, frozenset({_S.PENDING_CLOSING})
    ),
    (_S.MERGED, _A.UNMERGE): Rule(_S.PENDING_FILING, _FILERS | _DISPATCHERS, _MERGEABLE),
    (_S.CLOSED, _A.RATE): Rule(_S.CLOSED, frozenset({Role.CITIZEN})),
    (_S.CLOSED, _A.APPEAL): Rule(_S.CLOSED, _OFFICERS),
    (_S.CLOSED, _A.DECIDE_APPEAL): Rule(_S.CLOSED, _CLOSERS | _LEADERS),
}


@dataclass(frozen=True)
class _Anywhere:
    """A step that is possible in many states: it leads to one place, or leaves the case where it is."""

    states: frozenset[State]
    roles: frozenset[Role]
    to: State | None = None
    or_to: frozenset[State] = frozenset()


_CLOSABLE_BY_FORCE = FILED_STATES - {_S.AWAITING_CHILDREN}  # its parts are closed by force, and it follows
_UNDECIDED = frozenset({_S.FILED, _S.PENDING_DECISION}) | HANDLING_STATES
_ANYWHERE: dict[Action, _Anywhere] = {
    _A.RECORD_DETECTIONS: _Anywhere(frozenset(State), _SYSTEM),  # every photo is looked at, be it late
    _A.WEIGH_EVIDENCE: _Anywhere(frozenset(State), _SYSTEM),
    _A.ADD_PHOTOS: _Anywhere(OPEN_STATES, _REPORTERS | _OFFICERS),
    _A.JOIN: _Anywhere(OPEN_STATES, _REPORTERS),
    _A.NOTE_ROUTING_FAULT: _Anywhere(frozenset({_S.FILED}), _SYSTEM),
    _A.ADD_ASSISTANTS: _Anywhere(HANDLING_STATES, _DISPATCHERS),
    _A.CHANGE_ASSISTANT: _Anywhere(HANDLING_STATES | {_S.HANDLED}, _DISPATCHERS),
    _A.ANSWER_AS_ASSISTANT: _Anywhere(HANDLING_STATES | {_S.HANDLED}, _OFFICERS),
    _A.SPLIT: _Anywhere(_SPLITTABLE, _DISPATCHERS | _CLOSERS | _LEADERS, _S.AWAITING_CHILDREN),
    _A.UPGRADE: _Anywhere(
        HANDLING_STATES | {_S.FILED, _S.PENDING_DECISION},
        _OFFICERS | _DISPATCHERS | _CLOSERS | _LEADERS | _SYSTEM,
        _S.FILED,
    ),
    _A.DOWNGRADE: _Anywhere(frozenset({_S.FILED, _S.DISPATCHED}), _DISPATCHERS | _CLOSERS, _S.FILED),
    _A.REQUEST_EXTENSION: _Anywhere(HANDLING_STATES, _OFFICERS),
    _A.DECIDE_EXTENSION: _Anywhere(HANDLING_STATES, _DISPATCHERS | _CLOSERS),
    _A.REQUEST_SUSPENSION: _Anywhere(HANDLING_STATES, _OFFICERS | _DISPATCHERS),
    _A.DECIDE_SUSPENSION: _Anywhere(HANDLING_STATES, _CLOSERS, None, frozenset({_S.SUSPENDED})),
    _A.REQUEST_VOID: _Anywhere(_UNDECIDED, _DISPATCHERS | {Role.ACCEPTOR}),
    _A.DECIDE_VOID: _Anywhere(_UNDECIDED, _CLOSERS, None, frozenset({_S.VOID})),
    _A.REQUEST_FORCED_CLOSE: _Anywhere(_CLOSABLE_BY_FORCE, _CLOSERS),
    _A.DECIDE_FORCED_CLOSE: _Anywhere(_CLOSABLE_BY_FORCE, _LEADERS, None, frozenset({_S.CLOSED})),
    _A.WITHDRAW_REQUEST: _Anywhere(OPEN_STATES | {_S.CLOSED}, _STAFF),
    _A.ESCALATE: _Anywhere(OPEN_STATES, _SYSTEM),
    _A.SUPERVISE: _Anywhere(OPEN_STATES, _CLOSERS | _LEADERS),
    _A.URGE: _Anywhere(OPEN_STATES, _FILERS | _DISPATCHERS | _LEADERS),
    _A.CONFIRM_SUPERVISION: _Anywhere(frozenset(State), _STAFF),
    _A.ASK_REPORTER: _Anywhere(OPEN_STATES, _FILERS | _INSPECTORS | _OFFICERS),
    _A.ANSWER_QUESTION: _Anywhere(OPEN_STATES, _REPORTERS),
    _A.MERGE: _Anywhere(_MERGEABLE, _FILERS | _DISPATCHERS, _S.MERGED),
    _A.TAKE_IN: _Anywhere(OPEN_STATES, _FILERS | _DISPATCHERS),
    _A.GIVE_OUT: _Anywhere(frozenset(State), _FILERS | _DISPATCHERS),
    _A.MARK_RECURRENCE: _Anywhere(frozenset(State), _SYSTEM),
    _A.SWITCH_CLOCK: _Anywhere(OPEN_STATES, _SYSTEM),
}


def _everywhere() -> Iterator[tuple[tuple[State, Action], Rule]]:
    for action, step in _ANYWHERE.items():
        for state in State:
            if state in step.states:
                yield (state, action), Rule(step.to or state, step.roles, step.or_to)


TRANSITIONS: Mapping[tuple[State, Action], Rule] = {**_MOVES, **dict(_everywhere())}
SUBMITTERS = _REPORTERS

_REPORTING = frozenset({_A.SUBMIT, _A.JOIN})
_HANDLING = frozenset({_A.ACCEPT, _A.REPORT_HANDLED, _A.ANSWER_AS_ASSISTANT})
_SENDING = frozenset({_A.DISPATCH, _A.DECIDE_DEPARTMENT, _A.ADD_ASSISTANTS, _A.CHANGE_ASSISTANT})
_CHECKING = frozenset({_A.PASS_CHECK, _A.FAIL_CHECK})
_SUPERVISING = frozenset({_A.SUBMIT, _A.VERIFY, _A.FILE, _A.CLOSE})
_DUTIES_APART: tuple[tuple[frozenset[Action], frozenset[Action]], ...] = (
    (_REPORTING, frozenset({_A.VERIFY})),
    (_SUPERVISING, _SENDING),
    (_SUPERVISING | _SENDING, _HANDLING),
    (_REPORTING | _SENDING | _HANDLING, _CHECKING),
    (_CHECKING, frozenset({_A.CLOSE})),
    (
        frozenset({_A.SUBMIT_HANDLED}),
        frozenset({_A.APPROVE_SPOT, _A.REFUSE_SPOT, _A.VERIFY}) | _SENDING | _HANDLING | _CHECKING,
    ),
    (_HANDLING, frozenset({_A.DECIDE_EXTENSION, _A.DECIDE_SUSPENSION, _A.DECIDE_APPEAL})),
    (frozenset({_A.REQUEST_VOID}), frozenset({_A.DECIDE_VOID})),
    (frozenset({_A.REQUEST_FORCED_CLOSE}), frozenset({_A.DECIDE_FORCED_CLOSE})),
)


def rule_of(state: State, action: Action, role: Role) -> Rule:
    """Find the rule of a step, or refuse it: not possible in this state, or not for this post."""
    rule = TRANSITIONS.get((state, action))
    if rule is None:
        raise CityProblem("STEP_NOT_POSSIBLE", field="state", allowed=_steps_in(state))
    if role not in rule.roles:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(rule.roles)))
    return rule


def next_state(state: State, action: Action, role: Role) -> State:
    """Say where a step leads as a rule, or refuse it."""
    return rule_of(state, action, role).to


def possible_actions(state: State, role: Role) -> list[Action]:
    """List the steps that a post may take in a state."""
    return list(_possible_actions(state, role))


@cache
def _possible_actions(state: State, role: Role) -> tuple[Action, ...]:
    return tuple(action for (at, action), rule in TRANSITIONS.items() if at == state and role in rule.roles)


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
