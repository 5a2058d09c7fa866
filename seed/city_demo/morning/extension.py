"""An officer needs more time and asks for an extension 延期; the dispatcher and the shift leader grant it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from city_demo.morning.crew import CHIEF, DISPATCHER
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row
from city_demo.phones import OfficerPhone, Seat

_BEIJING = timezone(timedelta(hours=8))
_MORE = 1


class Extension(Twist):
    """While it is handled, the limit is extended once; then it goes on."""

    _is_granted = False

    async def act(self) -> bool:
        """Ask for more time and have it granted, as soon as somebody handles the case."""
        if self._is_granted or self.watch.state != "IN_PROGRESS":
            return False
        before = await self.watch.sees(lambda case: case["deadlineAt"] is not None)
        request = await self._request()
        for reviewer in (DISPATCHER, CHIEF):
            seat = await self.crew.phone(reviewer, Seat)
            self.watch.learn(await seat.grant_time(self.watch.case_id, request["id"], "情况属实，同意延期"))
        self._is_granted = True
        after = await self.watch.sees(lambda case: case["deadlineAt"] != before["deadlineAt"])
        self._tell(before, after, request)
        return True

    async def _request(self) -> Row:
        """Give the request that waits for a review; make it when there is none."""
        officer = await self.crew.phone(await self.watch.assignee(), OfficerPhone)
        asked = await officer.ask_for_time(self.watch.case_id, _MORE, "灯具配件需次日到货")
        self.watch.learn(asked)
        return next(row for row in map(dict, asked["requests"]) if row["nextReviewer"] is not None)

    def _tell(self, before: Row, after: Row, request: Row) -> None:
        unit = request["unit"].lower().replace("_", " ")
        moved = f"{_moment(before['deadlineAt'])} → {_moment(after['deadlineAt'])}"
        self.watch.note(f"延期一次，时限顺延 extended by {request['value']} {unit}: {moved}", is_kept=True)


def _moment(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(_BEIJING):%m-%d %H:%M}"
