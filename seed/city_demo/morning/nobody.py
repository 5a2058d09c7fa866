"""A case finds nobody: all officers are away, so it is escalated 预警 at once and a dispatcher steps in."""

from __future__ import annotations

from typing import Any

from city_demo.morning.crew import CHIEF, DISPATCHER, OFFICERS_OF_A_DEPARTMENT, officers_of
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row
from city_demo.phones import OfficerPhone, Seat

_DEPARTMENT = "greening"
_AWAY_MINUTES = 10


class NobodyThere(Twist):
    """The officers are away when the case is dispatched, and come back once somebody was told."""

    def __init__(self, *known: Any) -> None:
        super().__init__(*known)
        self._absences: dict[str, str] = {}

    async def before_report(self) -> None:
        """Let all officers of the department be away 请假: one says so, the shift leader notes the others."""
        first, *others = officers_of({_DEPARTMENT}, how_many=OFFICERS_OF_A_DEPARTMENT)
        officer = await self.crew.phone(first, OfficerPhone)
        self._absences[first] = await officer.note_absence(_AWAY_MINUTES, "参加防汛演练")
        chief = await self.crew.phone(CHIEF, Seat)
        for person_id in others:
            noted = await chief.note_absence(_AWAY_MINUTES, "参加防汛演练", person_id=person_id)
            self._absences[person_id] = noted

    async def act(self) -> bool:
        """Wait for the card, end the absences, and have a dispatcher name who handles the case."""
        if not self._absences or self.watch.state != "DISPATCHED":
            return False
        seat = await self.crew.phone(DISPATCHER, Seat)
        case = await self.watch.sees(lambda case: _has_somebody(case) or _is_escalated(case))
        told = sorted({name for card in await seat.cards_of(self.watch.case_id) for name in card["told"]})
        officer_id = await self._end_absences()
        if _has_somebody(case):
            return False
        self.watch.note(_told(told), is_kept=True)
        opinion = "人员归队，指定承办"
        self.watch.learn(await seat.dispatch(self.watch.case_id, officer_id=officer_id, opinion=opinion))
        return True

    async def _end_absences(self) -> str:
        """Have everybody back; gives the officer who said so first."""
        chief = await self.crew.phone(CHIEF, Seat)
        first = next(iter(self._absences))
        for absence_id in self._absences.values():
            await chief.end_absence(absence_id)
        self._absences.clear()
        return first


def _has_somebody(case: Row) -> bool:
    return bool(case["task"] and case["task"]["assigneeId"])


def _is_escalated(case: Row) -> bool:
    return any(row["action"] == "ESCALATE" for row in case["history"])


def _told(names: list[str]) -> str:
    others = f"等{len(names)}人" if len(names) > 1 else ""
    return f"无人承办预警，告知{'、'.join(names[:1])}{others} unassigned: {len(names)} people told"
