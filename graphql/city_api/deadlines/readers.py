"""What the fields of clocks show, from the stored clocks of a case and the present."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from city_core.cases.clocks.explain import Explanation
from city_core.cases.clocks.ticking import Lamp, lamp
from city_core.kit.mongo import Row

if TYPE_CHECKING:
    from city_api.context import Context

_SHOWN = ("case", "stage", "level")


def clocks(case: Row, _: Context) -> list[Row]:
    """Show the clocks that a case has now: its own, that of its stage, that of its level."""
    stored = case.get("clocks") or {}
    return [stored[name] for name in _SHOWN if stored.get(name)]


def lamp_of_case(case: Row, context: Context) -> Lamp | None:
    """Show the lamp of the case; before it is filed, that of its stage."""
    shown = clocks(case, context)
    return lamp_of_clock(shown[0], context) if shown else None


def lamp_of_clock(clock: Row, context: Context) -> Lamp:
    return lamp(
        yellow_at=clock["yellow_at"], due_at=clock["due_at"], stopped_at=clock["stopped_at"], now=context.now
    )


def limit(part: str) -> Any:
    """Read a part of a clock's limit."""
    return lambda clock, _: clock["limit"][part]


def holding_department(held: Row, context: Context) -> Any:
    """Name the department that had the case; other holders are posts."""
    return context.dictionary.then(lambda book: book.departments.get(held["key"]))


def explained(found: Explanation) -> Row:
    """See an explanation as a row: the clock, its lamp, its lines, who had the case."""
    clock = found.clock.row() if found.clock is not None else None
    return {
        "name": found.name, "clock": clock, "lamp": found.lamp, "lines": found.lines,
        "holdings": found.holdings,
    }  # fmt: skip
