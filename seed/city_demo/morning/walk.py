"""Walks one case through the loop: whoever has to do something next does it, woken by push or inbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from city_demo.morning.crew import CHIEF, CLERK, DISPATCHER, Crew
from city_demo.morning.pictures import photo_of
from city_demo.morning.stories import Story
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck, Watch
from city_demo.phones import CitizenPhone, InspectorPhone, OfficerPhone, Refused, Seat
from city_demo.phones.reporting import ReportingPhone

WAKING_LIMIT_S = 6.0
RULE_LIMIT_S = 8.0
ADVICE_LIMIT_S = 30.0


class Walk:
    """One story on its way; `watch` knows where the case stands."""

    def __init__(
        self, story: Story, turn: int, crew: Crew, watch: Watch, twist: Twist, *, pace_s: float
    ) -> None:
        self.story = story
        self.watch = watch
        self._turn = turn
        self._crew = crew
        self.twist = twist
        self._pace_s = pace_s
        self._returned = False
        self._rated = False
        self._acts: dict[str, Callable[[], Awaitable[None]]] = {
            "PENDING_VERIFICATION": self._verify_or_cancel,
            "PENDING_FILING": self._file_or_reject,
            "FILED": self._dispatch,
            "DISPATCHED": self._accept_or_return,
            "REWORK": self._accept_or_return,
            "IN_PROGRESS": self._handle,
            "PENDING_CHECK": self._check,
            "PENDING_CLOSING": self._close,
            "CLOSED": self._rate,
        }

    async def walk(self) -> None:
        """Report, then go on until the story has ended; raises Stuck when nothing moves any more."""
        await self.twist.before_report()
        await self._report()
        while not self._is_over():
            await asyncio.sleep(self._pace_s)
            before = self.watch.version
            await self._try(self._act)
            if self.watch.version == before and not self._is_over():
                await self.watch.moves_on(before)

    def _is_over(self) -> bool:
        if self.watch.state != self.story.ends:
            return self.watch.has_ended
        return self.watch.state != "CLOSED" or self.story.stars is None or self._rated

    async def _act(self) -> None:
        """Go the story's own way where it has one, else the plain way."""
        if await self.twist.act():
            return
        plain = self._acts.get(self.watch.state)
        if plain is not None:
            await plain()

    async def _try(self, act: Callable[[], Awaitable[None]]) -> None:
        """Act, unless somebody was faster; where the case then stands, the watch tells."""
        try:
            await act()
        except Refused as refusal:
            if refusal.code != "STEP_NOT_POSSIBLE":
                raise Stuck(f"{self.watch.sentence()} refused a step: {refusal}") from refusal

    async def _report(self) -> None:
        began = time.monotonic()
        case = await self.twist.report(self._picture())
        if case is None:
            phone = await self._crew.phone(self.story.reporter, ReportingPhone)
            photo = await phone.take_photo(self._picture())
            case = await phone.report(self.story.point, photos=[photo], **self.story.details)
        self.watch.begin(case, await self._sent_at(case["id"]) or began)
        self._take_early_push()
        await self._crew.come_on_duty_in(case["place"]["communityCode"])

    async def _sent_at(self, case_id: str) -> float | None:
        """Say when the report itself was sent; what a queue or a machine brought in was not sent as one."""
        if not self.story.reporter:
            return None
        phone = await self._crew.phone(self.story.reporter, ReportingPhone)
        return phone.reported_monotonic.get(case_id)

    def _take_early_push(self) -> None:
        """Note the push of a case whose answer came later than the push itself, as it was lost on its way."""
        for hint in self._crew.hints.received(self.watch.case_id):
            if hint.type == "TASK_ASSIGNED":
                self.watch.pushed_at(hint.received_monotonic)

    async def _verify_or_cancel(self) -> None:
        if self.story.is_cancelled:
            citizen = await self._crew.phone(self.story.reporter, CitizenPhone)
            self.watch.learn(await citizen.cancel(self.watch.case_id, self.story.says))
            return
        phone = await self._crew.phone(await self._who_is_asked(), InspectorPhone)
        found = self.story.finding == "EXISTS"
        opinion = "现场核实属实" if found else "现场未发现所述问题"
        self.watch.learn(await phone.verify(self.watch.case_id, self.story.finding, opinion=opinion))

    async def _file_or_reject(self) -> None:
        seat = await self._crew.phone(CLERK, Seat)
        if self.story.finding != "EXISTS":
            self.watch.learn(await seat.reject(self.watch.case_id, "核实不存在，不予立案"))
        elif self.story.filed_by == "rule":
            await self._unless_the_rule_does("PENDING_FILING", self._file_as_reported)
        else:
            await self._file_by_hand(seat)

    async def _file_as_reported(self) -> Row:
        seat = await self._crew.phone(CLERK, Seat)
        return await seat.file(self.watch.case_id, opinion="人工立案")

    async def _file_by_hand(self, seat: Seat) -> None:
        advice = await self.watch.advice(ADVICE_LIMIT_S)
        type_code, condition_id = self.story.filed_as or (None, None)
        if advice is not None and self.story.filed_by == "advice":
            type_code, condition_id = advice["typeCode"], advice["conditionId"]
        self.watch.note(_on_advice(advice, type_code))
        filed = await seat.file(
            self.watch.case_id, type_code=type_code, condition_id=condition_id, opinion="人工立案"
        )
        self.watch.learn(filed)

    async def _dispatch(self) -> None:
        if self._returned:
            self.watch.learn(await self._dispatch_by_hand())
        else:
            await self._unless_the_rule_does("FILED", self._dispatch_by_hand)

    async def _dispatch_by_hand(self) -> Row:
        seat = await self._crew.phone(DISPATCHER, Seat)
        to = self.story.returned_to if self._returned else None
        return await seat.dispatch(self.watch.case_id, department_id=to, opinion="人工派遣")

    async def _accept_or_return(self) -> None:
        phone = await self._crew.phone(await self._who_is_asked(), OfficerPhone)
        if self.story.returned_to is not None and not self._returned:
            self.watch.learn(await phone.give_back(self.watch.case_id, "供水管道开挖所致，非本单位职责"))
            self._returned = True
        else:
            self.watch.learn(await phone.accept(self.watch.case_id))

    async def _handle(self) -> None:
        phone = await self._crew.phone(await self.watch.assignee(), OfficerPhone)
        after = await phone.take_photo(photo_of(self.story.photo, self._turn, after=True))
        self.watch.learn(
            await phone.report_handled(self.watch.case_id, opinion="已处置完毕，现场恢复", photos=[after])
        )

    async def _check(self) -> None:
        phone = await self._crew.phone(await self._who_is_asked(), InspectorPhone)
        photo = await phone.take_photo(photo_of(self.story.photo, self._turn, after=True))
        self.watch.learn(await phone.check(self.watch.case_id, opinion="核查通过", photos=[photo]))

    async def _close(self) -> None:
        seat = await self._crew.phone(CHIEF, Seat)
        self.watch.learn(await seat.close_case(self.watch.case_id, "同意结案"))

    async def _rate(self) -> None:
        citizen = await self._crew.phone(self.story.reporter, CitizenPhone)
        assert self.story.stars is not None
        self.watch.learn(await citizen.rate(self.watch.case_id, self.story.stars, "处理及时"))
        self._rated = True
        self.watch.note(f"评价 rated {'★' * self.story.stars}")

    async def _who_is_asked(self) -> str:
        """Find who has the task and wait until their phone tells them; without that they look themselves."""
        person_id, seq = await self.watch.task()
        if not await self._crew.is_woken(person_id, self.watch.case_id, seq, WAKING_LIMIT_S):
            self.watch.note("未收到推送，自行查看 no push, looked by themselves")
        return person_id

    async def _unless_the_rule_does(self, state: str, by_hand: Callable[[], Awaitable[Row]]) -> None:
        """A person does what the city leaves to people: in some cities that is more than in others."""
        if not await self.watch.leaves(state, RULE_LIMIT_S):
            self.watch.learn(await by_hand())

    def _picture(self) -> bytes:
        return photo_of(self.story.photo, self._turn)


def _on_advice(advice: dict[str, object] | None, type_code: str | None) -> str:
    if advice is None:
        return "无识别建议 no advice came"
    taken = advice["typeCode"] == type_code
    return f"识别建议 advice {advice['typeCode']} " + ("采纳 taken" if taken else "未采纳 overruled")
