"""Two citizens report the same: the second sees it, reports all the same, and a seat merges 合并 them."""

from __future__ import annotations

import asyncio
from typing import Any

from city_demo.morning.crew import CLERK, Crew
from city_demo.morning.stories import Story
from city_demo.morning.twist import Twist
from city_demo.morning.watch import MOVE_LIMIT_S, Stuck, Watch
from city_demo.phones import CitizenPhone, Seat

_WAKING_LIMIT_S = 6.0


class Pair:
    """What the two stories wait for of each other."""

    def __init__(self) -> None:
        self.original = ""
        self.is_reported = asyncio.Event()
        self.is_merged = asyncio.Event()


class Original(Twist):
    """The first report: whoever handles it waits until the second one is known."""

    def __init__(self, story: Story, crew: Crew, watch: Watch, pair: Pair) -> None:
        super().__init__(story, crew, watch)
        self._pair = pair
        self._is_told = False

    async def act(self) -> bool:
        """Say that the case is there to be found; later wait for the other one, and go on with both."""
        self._pair.original = self.watch.case_id
        self._pair.is_reported.set()
        if self.watch.state == "IN_PROGRESS" and not self._is_told:
            await _wait_for(self._pair.is_merged, self.watch, "the other report of the same")
            seat = await self.crew.phone(CLERK, Seat)
            count = (await seat.look("CaseReports", self.watch.case_id))["reportCount"]
            self.watch.note(f"一案{count}报 {count} reports in one case", is_kept=True)
            self._is_told = True
        return False


class Duplicate(Twist):
    """The second report, which ends as part of the first."""

    def __init__(self, story: Story, crew: Crew, watch: Watch, pair: Pair) -> None:
        super().__init__(story, crew, watch)
        self._pair = pair
        self._seen = ""

    async def before_report(self) -> None:
        """Have the phone show what others reported close by."""
        await _wait_for(self._pair.is_reported, self.watch, "the first report of the same")
        phone = await self.crew.phone(self.story.reporter, CitizenPhone)
        found = await phone.possible_duplicates(
            self.story.point, type_code=self.story.type_code, datum=self.story.datum
        )
        self._seen = _told(found)
        self.watch.note(self._seen)

    async def act(self) -> bool:
        """Merge it into the first as soon as somebody was asked to look after it."""
        if self.watch.state not in ("PENDING_VERIFICATION", "PENDING_FILING"):
            return False
        if self.watch.state == "PENDING_VERIFICATION":
            person_id, seq = await self.watch.task()
            await self.crew.is_woken(person_id, self.watch.case_id, seq, _WAKING_LIMIT_S)
        seat = await self.crew.phone(CLERK, Seat)
        self.watch.learn(await seat.merge(self.watch.case_id, self._pair.original, "同一摊位，重复上报"))
        self._pair.is_merged.set()
        self.watch.note(f"{self._seen}，已并入 merged into the first", is_kept=True)
        return True


async def _wait_for(event: asyncio.Event, watch: Watch, what: str) -> None:
    try:
        async with asyncio.timeout(MOVE_LIMIT_S):
            await event.wait()
    except TimeoutError:
        raise Stuck(f"{watch.sentence()}: waited {MOVE_LIMIT_S:.0f} s for {what}.") from None


def _told(found: list[dict[str, Any]]) -> str:
    if not found:
        return "未见相似上报 nothing similar was shown"
    nearest = min(row["distanceM"] for row in found)
    return f"疑似重复{len(found)}件，最近{nearest:.0f}米 {len(found)} similar, nearest {nearest:.0f} m"
