"""Sums the morning up: where the cases stand, how fast the pushes were, what is on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from city_demo.board import state_words
from city_demo.morning.walk import Walk


async def summary_of(walks: Sequence[Walk]) -> list[str]:
    """Write the lines about the cases."""
    states = Counter(walk.watch.state or "NOT_REPORTED" for walk in walks)
    pushes = [walk.watch.line.push_ms for walk in walks if walk.watch.line.push_ms is not None]
    types = {walk.watch.line.type_name for walk in walks}
    steps = [await walk.watch.steps_on_record() for walk in walks]
    by_state = ", ".join(f"{state_words(state)} {count}" for state, count in states.most_common())
    return [
        f"案件 Cases: {len(walks)} of {len(types)} types: {by_state}",
        f"上报→推送 Report to push: {_spread(pushes)}",
        f"办理经过 Steps on record: {sum(map(len, steps))}",
        f"规则 Rules at work: {await _rules_at_work(walks, steps)}",
    ]


async def _rules_at_work(walks: Sequence[Walk], steps: Sequence[Sequence[str]]) -> str:
    """Count what the rules did, as the histories of the cases have it."""
    asked = [walk.watch for walk, own in zip(walks, steps, strict=True) if "DECIDE_EXTENSION" in own]
    done = Counter(step for own in steps for step in own)
    counts = {
        "延期 extended": sum([await watch.requests_granted() for watch in asked]),
        "回退 returned": done["RETURN"],
        "合并 merged": done["MERGE"],
        "预警 escalated": done["ESCALATE"],
        "平急转换 clocks switched": done["SWITCH_CLOCK"],
    }
    return ", ".join(f"{words} {count}" for words, count in counts.items())


def _spread(pushes: Sequence[float]) -> str:
    if not pushes:
        return "none was received"
    return f"p50 {median(pushes):.0f} ms, max {max(pushes):.0f} ms, {len(pushes)} cases"
