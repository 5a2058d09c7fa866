"""The page of the loop: a diagram and a table, made from the core's one table of steps."""

from __future__ import annotations

from collections.abc import Iterable

from city_api.cases.words import ACTION_NAMES, ROLE_NAMES, STATE_NAMES
from city_core.cases.workflow import FINAL_STATES, FIRST_STATES, SUBMITTERS, TRANSITIONS, Action, State
from city_core.people.roles import Role

_HEAD = """# The loop 闭环流程

Generated from the code; do not edit. Steps that leave the state as it is are in the table only.

"""


def workflow_page() -> str:
    """Write down which step is possible in which state, for which post, and where it leads."""
    return f"{_HEAD}```mermaid\n{_diagram()}\n```\n\n{_table()}\n"


def _diagram() -> str:
    lines = ["stateDiagram-v2"]
    lines += [f"  {state}: {zh} {state}" for state, (zh, _) in STATE_NAMES.items()]
    lines += [f"  [*] --> {state}: {_step(action)}" for action, state in FIRST_STATES.items()]
    lines += [
        f"  {state} --> {end}: {_step(action)}"
        for (state, action), rule in TRANSITIONS.items()
        for end in _in_order(rule.ends)
        if end is not state
    ]
    lines += [f"  {state} --> [*]" for state in STATE_NAMES if state in FINAL_STATES]
    return "\n".join(lines)


def _table() -> str:
    rows = ["| state | step | leads to | posts |", "|---|---|---|---|"]
    rows.append(f"| – | {_step(Action.SUBMIT)} | `{State.REPORTED}` | {_posts(SUBMITTERS)} |")
    order = list(State)
    for (state, action), rule in sorted(TRANSITIONS.items(), key=lambda row: order.index(row[0][0])):
        ends = " or ".join(f"`{end}`" for end in _in_order(rule.ends))
        rows.append(f"| `{state}` | {_step(action)} | {ends} | {_posts(rule.roles)} |")
    return "\n".join(rows)


def _in_order(states: Iterable[State]) -> list[State]:
    return sorted(states, key=list(State).index)


def _step(action: Action) -> str:
    return f"{ACTION_NAMES[action][0]} {action}"


def _posts(roles: Iterable[Role]) -> str:
    return ", ".join(f"{ROLE_NAMES[role][0]} `{role}`" for role in sorted(roles))
