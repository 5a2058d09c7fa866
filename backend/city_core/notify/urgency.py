"""How urgent a hint is: tasks and supervision before news, and those of an emergency before all others."""

from __future__ import annotations

from typing import Literal

from city_core.cases.emergency.in_force import is_urgent
from city_core.cases.notices import NoticeKind
from city_core.kit.city import City

Urgency = Literal["normal", "high", "emergency"]
_TASKS = frozenset({NoticeKind.TASK_ASSIGNED, NoticeKind.TASK_WITHDRAWN, NoticeKind.LIMIT_CHANGED})
_SUPERVISION = frozenset({
    NoticeKind.CASE_UNASSIGNED, NoticeKind.YELLOW_CARD, NoticeKind.RED_CARD, NoticeKind.SUPERVISED,
    NoticeKind.URGED, NoticeKind.COLLEAGUE_UNREACHED, NoticeKind.RECEIVER_UNREACHED,
})  # fmt: skip

URGENCIES: tuple[Urgency, ...] = ("normal", "high", "emergency")
ASK_FOR_ANSWER = frozenset({NoticeKind.TASK_ASSIGNED, NoticeKind.SUPERVISED, NoticeKind.URGED})
MAY_BE_MUTED = frozenset(NoticeKind) - _TASKS - _SUPERVISION - {NoticeKind.EMERGENCY_STARTED}


def asks_for_answer(kind: str) -> bool:
    """Tell whether a message wants to be accepted or refused; all others want to be read, no more."""
    return kind in ASK_FOR_ANSWER


async def urgency_of(city: City, kind: str, about_id: str) -> Urgency:
    """Tell how urgent the hint of a message is; nothing that a drill says is urgent."""
    if kind == NoticeKind.EMERGENCY_STARTED:
        return "emergency" if await is_urgent(city, about_id) else "high"
    if kind not in _TASKS | _SUPERVISION:
        return "normal"
    case = await city.database.cases.find_one({"_id": about_id}, {"emergency_id": 1})
    emergency_id = case.get("emergency_id") if case else None
    if emergency_id is not None and await is_urgent(city, emergency_id):
        return "emergency"
    return "high"
