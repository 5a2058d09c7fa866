"""An officer refuses a task's message with a reason 拒绝: a colleague is told at once and takes over 回执."""

from __future__ import annotations

import asyncio
import time

from city_demo.morning.crew import DISPATCHER, person_of
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck
from city_demo.phones import OfficerPhone, Seat

_LIMIT_S = 40.0
_LOOK_EVERY_S = 0.1
_TASK, _TOLD = "TASK_ASSIGNED", "COLLEAGUE_UNREACHED"


class Refusing(Twist):
    """The first officer refuses, the colleague who was told is named by the dispatcher and accepts."""

    _is_refused = False
    _is_delivered = False
    _is_accepted = False

    async def act(self) -> bool:
        """Refuse and have the colleague named; then let the colleague's phone say that the message came."""
        if self.watch.state == "DISPATCHED" and not self._is_refused:
            return await self._refuse()
        if self.watch.state == "DISPATCHED" and not self._is_delivered:
            await self._deliver()
            self._is_delivered = True
        if self.watch.state == "IN_PROGRESS" and not self._is_accepted:
            self.counts["accepted"] += await self._sees_accepted()
            self._is_accepted = True
        return False

    async def _refuse(self) -> bool:
        officer, message = await self._deliver()
        await self._say(officer, message, "REFUSED", "正在处置另一起险情，无法到场")
        refused = time.monotonic()
        self._is_refused = True
        hint = await self.crew.hints.first(self.watch.case_id, _TOLD, seconds=_LIMIT_S)
        if hint is None:
            self.watch.note("拒绝后未告知同事 refused, no colleague was told", is_kept=True)
            return False
        told_ms = (hint.received_monotonic - refused) * 1000
        await self._name(person_of(hint.token), told_ms)
        return True

    async def _name(self, colleague_id: str, told_ms: float) -> None:
        """Have the dispatcher name the colleague, whose inbox says what happened."""
        colleague = await self.crew.phone(colleague_id, OfficerPhone)
        self.counts["told"] += await colleague.message_of(self.watch.case_id, _TOLD) is not None
        self.counts["told_ms"] = round(told_ms)
        self.watch.note(f"拒绝，{told_ms:.0f} ms 后告知同事 refused, a colleague told", is_kept=True)
        seat = await self.crew.phone(DISPATCHER, Seat)
        opinion = "原承办人无法到场，改派同事"
        self.watch.learn(await seat.dispatch(self.watch.case_id, officer_id=colleague_id, opinion=opinion))

    async def _deliver(self) -> tuple[OfficerPhone, Row]:
        """Have the phone of whoever was asked say that the message came."""
        person_id, seq = await self.watch.task()
        await self.crew.is_woken(person_id, self.watch.case_id, seq, _LIMIT_S)
        officer = await self.crew.phone(person_id, OfficerPhone)
        message = await officer.message_of(self.watch.case_id, _TASK)
        if message is None:
            raise Stuck(f"{self.watch.sentence()}: the officer has a task and no message about it.")
        await self._say(officer, message, "DELIVERED")
        return officer, message

    async def _say(self, officer: OfficerPhone, message: Row, state: str, reason: str | None = None) -> None:
        answer = await officer.acknowledge(message["id"], state, reason)
        self.counts[answer["acknowledgement"].lower()] += 1

    async def _sees_accepted(self) -> bool:
        """Wait until the message of whoever accepted the task says so by itself."""
        officer = await self.crew.phone(await self.watch.assignee(), OfficerPhone)
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            message = await officer.message_of(self.watch.case_id, _TASK)
            if message is not None and message["acknowledgement"] == "ACCEPTED":
                return True
            await asyncio.sleep(_LOOK_EVERY_S)
        return False
