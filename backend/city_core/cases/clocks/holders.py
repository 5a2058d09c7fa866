"""Who had a case when: exactly one holder at any instant from its report to its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from city_core.cases.clocks.engine import History
from city_core.cases.clocks.stages import ENDED, PAUSED, STAGES, Holder


@dataclass(frozen=True)
class Holding:
    """One stretch in which somebody had the case; `until` is open for whoever has it now.

    `key` is the department where a department holds it, and the state where nobody does.
    """

    holder: Holder
    key: str
    since: datetime
    until: datetime | None


def holders_of(history: History) -> list[Holding]:
    """List who had a case, one after the other without a gap; the end of the case ends the last stretch."""
    found: list[Holding] = []
    for holder, key, at in _changes(history):
        if found and found[-1].until is None:
            last = found[-1]
            if (last.holder, last.key) == (holder, key):
                continue
            found[-1] = Holding(last.holder, last.key, last.since, at)
        found.append(Holding(holder, key, at, None))
    if history and history[-1]["to_state"] in ENDED and found:
        found.pop()  # after its end nobody has to have it
    return [holding for holding in found if holding.since != holding.until]


def _changes(history: History) -> Iterator[tuple[Holder, str, datetime]]:
    department, last = "", None
    for row in history:
        at = row["at"] if last is None else max(last, row["at"])
        last, state = at, row["to_state"]
        if state == "DISPATCHED" and (row["action"] == "DISPATCH" or row["from_state"] != state):
            department = row.get("receiver_department_id") or department
        if state in PAUSED or state in ENDED:
            yield Holder.NOBODY, state, at
        else:
            holder = STAGES[state][1]
            yield holder, department if holder is Holder.DEPARTMENT else "", at
