"""A village with a clock to turn and one case at hand, for the tests of requests."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.check import check_case
from city_core.cases.close import close_case
from city_core.cases.command import Command
from city_core.cases.dispatch import dispatch_case
from city_core.cases.report_handled import report_handled
from city_core.cases.requests.decide_extension import decide_extension
from city_core.cases.requests.decide_suspension import decide_suspension
from city_core.cases.requests.request_extension import request_extension
from city_core.cases.requests.request_suspension import request_suspension
from city_core.cases.submit import ReportDraft, submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_core.people.roles import Actor
from city_workers.jobs import handlers_with
from tests.hand_clock import HandClock
from tests.village import INSIDE

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])
People = dict[str, Actor]


class Town:
    """A village with a clock to turn, and one case of an inspector that an officer has at hand."""

    def __init__(self, city: City, clock: HandClock, people: People) -> None:
        self.city, self.clock, self.people = city, clock, people
        self.id = ""

    async def do_all_work(self) -> None:
        handlers = handlers_with(LogPushGateway())
        for _ in range(50):
            self.clock.turn(seconds=self.city.settings.work_sweep_seconds)
            wakes = [
                wake
                for collection in ("cases", "photos", "inbox_messages")
                for wake in await overdue(self.city, collection, handlers, 100)
            ]
            if not [await perform(self.city, handlers, wake) for wake in wakes]:
                return

    async def case(self) -> Row:
        found = await self.city.database.cases.find_one({"_id": self.id})
        assert found is not None
        return found

    async def new_case(self, *, source: str = "inspector-1", accepted: bool = True) -> Row:
        """Have a case come in, filed and dispatched, and taken on by officer-1."""
        self.id = (await submit_report(self.city, self.people[source], command(), DRAFT))["_id"]
        await self.do_all_work()
        await dispatch_case(
            self.city, self.people["dispatcher-1"], self.id, command(), officer_id="officer-1"
        )
        if accepted:
            await self.do("officer-1", accept_task)
        await self.do_all_work()
        return await self.case()

    async def do(self, who: str, use_case: Any, **given: Any) -> Row:
        """Take a step on the case as somebody."""
        row: Row = await use_case(self.city, self.people[who], self.id, command(), **given)
        return row

    async def ask_extension(self, value: int = 2) -> str:
        row = await self.do("officer-1", request_extension, value=value, reason="连日下雨")
        request_id: str = row["requests"][-1]["id"]
        return request_id

    async def approve_extension(self, request_id: str) -> Row:
        given = {"request_id": request_id, "approved": True}
        await self.do("dispatcher-1", decide_extension, **given)
        return await self.do("leader-of-shift", decide_extension, **given)

    async def suspend(self, **until: float) -> Row:
        end = self.clock.now() + timedelta(**until)
        row = await self.do("officer-1", request_suspension, until=end, reason="等待施工许可")
        given = {"request_id": row["requests"][-1]["id"], "approved": True}
        return await self.do("leader-of-shift", decide_suspension, **given)

    async def walk_to_closed(self) -> Row:
        await self.do("officer-1", report_handled, opinion="已清理", media_ids=[str(uuid.uuid4())])
        await self.do_all_work()
        checker = (await self.case())["task"]["assignee_id"]
        await self.do(checker, check_case, passed=True)
        return await self.do("leader-of-shift", close_case)

    async def told(self, kind: str) -> list[str]:
        """Do the work that waits and list who was told something of a kind."""
        await self.do_all_work()
        query = {"kind": kind, "case_id": self.id}
        messages = await self.city.database.inbox_messages.find(query).sort("_id", 1).to_list(None)
        return [message["person_id"] for message in messages]

    async def refused(self, code: str, who: str, use_case: Any, **given: Any) -> CityProblem:
        """See a step refused, and that nothing happened."""
        before = await self.case()
        with pytest.raises(CityProblem) as refused:
            await self.do(who, use_case, **given)
        assert refused.value.code == code, refused.value
        assert await self.case() == before
        return refused.value


def command() -> Command:
    return Command(str(uuid.uuid4()), None, "phone:test")
