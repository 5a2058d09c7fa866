"""A leader switches a street to the flood emergency and back 平急转换 while a case there is being handled."""

from __future__ import annotations

from city_demo.morning.crew import LEADER
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row
from city_demo.phones import Seat

_PROFILE, _NAME = "flood", "人民西路内涝应急"
_AUTHORITY = "区防汛抗旱指挥部 示例〔2026〕1号"
_MINUTES = 10


class Emergency(Twist):
    """While the case is handled its clock becomes that of the emergency, then the normal one again."""

    _is_over = False

    async def act(self) -> bool:
        """Start the emergency, see the clock switched, end it, and see the clock switched back."""
        if self._is_over or self.watch.state != "IN_PROGRESS":
            return False
        leader = await self.crew.phone(LEADER, Seat)
        await self._end_what_was_left(leader)
        before = await self.watch.sees(lambda case: case["limitValue"] is not None)
        started = await leader.start_emergency(
            _PROFILE, _NAME, [before["place"]["streetCode"]], minutes=_MINUTES, authority=_AUTHORITY
        )
        during = await self.watch.sees(lambda case: case["emergency"] is not None)
        switched = f"{_limit(before)} → {_limit(during)}"
        self.watch.note(f"平急转换 on: {switched}")
        await leader.end_emergency(started["id"], "积水已退，恢复常态")
        after = await self.watch.sees(lambda case: case["emergency"] is None)
        self._is_over = True
        self.watch.note(f"平急转换 on/off: {switched} → {_limit(after)}", is_kept=True)
        return False

    async def _end_what_was_left(self, leader: Seat) -> None:
        """End what a morning that was cut off left switched on: two may not overlap."""
        for emergency in await leader.emergencies_on():
            if emergency["name"] == _NAME:
                await leader.end_emergency(emergency["id"], "上一次演示未结束")


def _limit(case: Row) -> str:
    return f"{case['limitValue']} {case['limitUnit'].lower().replace('_', ' ')}"
