"""Who had a case when: exactly one holder at any instant from its report to its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from city_core.cases.clocks.engine import History
from city_core.cases.clocks.rules import TOP_LEVEL
from city_core.cases.clocks.stages import ENDED, PAUSED, STAGES, Holder


@dataclass(frozen=True)
class Holding:
    """One stretch in which somebody had the case; `until` is open for whoever has it now.

    `key` is the department or the level of a department or dispatcher, and the state where nobody holds it.
    """

    holder: Holder
    key: str
    since: datetime
    until: datetime | None


def holders_of(history: History) -> list[Holding]:
    """List who had a case, one after the other without a gap; the end of the case ends the last stretch."""
    found: list[Holding] = []
    for holder, key, at in _changes(history):
        since = at
        if found and found[-1].since == at:
            found.pop()  # had it for no time at all
        if found and (found[-1].holder, found[-1].key) == (holder, key):
            since = found.pop().since
        if found:
            found[-1] = replace(found[-1], until=at if since == at else since)
        found.append(Holding(holder, key, since, None))
    if history and history[-1]["to_state"] in ENDED:
        found.pop()  # after its end nobody has to have it
    return found


def _changes(history: History) -> Iterator[tuple[Holder, str, datetime]]:
    department, level, last = "", TOP_LEVEL, None
    for row in history:
        at = row["at"] if last is None else max(last, row["at"])
        last, state = at, row["to_state"]
        level = (row.get("facts") or {}).get("level") or level
        if state == "DISPATCHED" and (row["action"] == "DISPATCH" or row["from_state"] != state):
            department = row.get("receiver_department_id") or department
        if state in PAUSED or state in ENDED:
            yield Holder.NOBODY, state, at
        else:
            holder = STAGES[state][1]
            yield holder, {Holder.DEPARTMENT: department, Holder.DISPATCHER: level}.get(holder, ""), at
