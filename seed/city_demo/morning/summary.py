"""Sums the morning up: where the cases stand, how fast the pushes were, what is on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from city_demo.board import state_words
from city_demo.morning.walk import Walk


async def summary_of(walks: Sequence[Walk], problems: Sequence[str]) -> list[str]:
    """Write the lines that the morning ends with."""
    states = Counter(walk.watch.state or "NOT_REPORTED" for walk in walks)
    pushes = [walk.watch.line.push_ms for walk in walks if walk.watch.line.push_ms is not None]
    types = {walk.watch.line.type_name for walk in walks}
    steps = sum([await walk.watch.steps_on_record() for walk in walks])
    by_state = ", ".join(f"{state_words(state)} {count}" for state, count in states.most_common())
    lines = [
        f"案件 Cases: {len(walks)} of {len(types)} types: {by_state}",
        f"上报→推送 Report to push: {_spread(pushes)}",
        f"办理经过 Steps on record: {steps}",
    ]
    return [*lines, *(f"卡住 Stuck: {problem}" for problem in problems)]


def _spread(pushes: Sequence[float]) -> str:
    if not pushes:
        return "none was received"
    return f"p50 {median(pushes):.0f} ms, max {max(pushes):.0f} ms, {len(pushes)} cases"
