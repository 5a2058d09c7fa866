"""The single measurements: each drives the city by phones and gives its figures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from city_demo.phones import InspectorPhone, Seat
from tests.bench.figures import Figures, spread
from tests.bench.pictures import a_photo
from tests.bench.town import KINDS, LEADER, Town
from tests.bench.whole_loop import Tally, walk_to_closing

PUSH_LIMIT_S = 30.0
PAGE = 20
TYPED = KINDS[0]
Told = Callable[[], None]


async def report_to_push(town: Town, count: int, told: Told) -> Figures:
    """Send report after report, each with a photo, into an idle city, and time its first push."""
    to_push, to_answer = [], []
    for _ in range(count):
        await town.is_idle()
        grid = town.any_grid()
        phone = await town.crew.phone(town.inspector_of(grid), InspectorPhone)
        photo = await phone.take_photo(a_photo(after=False, dice=town.dice))
        began = time.monotonic()
        case = await phone.report(
            town.point_in(grid), photos=[photo], type_code=TYPED[0], condition_id=TYPED[1]
        )
        to_answer.append(time.monotonic() - began)
        hint = await town.hints.next_task(case["id"], after_seq=0, seconds=PUSH_LIMIT_S)
        assert hint is not None, f"No push about {case['id']} within {PUSH_LIMIT_S:.0f} s."
        to_push.append(hint.received_monotonic - began)
        told()
    return {
        "report_to_push": spread(to_push, 0.5, 0.95, 0.99),
        "report_to_answer": spread(to_answer, 0.5, 0.95, 0.99),
    }


async def page_of_cases(town: Town, count: int, told: Told) -> Figures:
    """Read pages of 20 cases, one after the other, some of them further down the list."""
    leader = await town.crew.phone(LEADER, Seat)
    after: str | None = None

    async def read() -> None:
        nonlocal after
        page = await leader.cases(first=PAGE, after=after)
        assert len(page["nodes"]) == PAGE
        info = page["pageInfo"]
        after = info["endCursor"] if town.dice.random() < 0.9 else None

    return await _timed(read, count, told)


async def nearest_cases(town: Town, count: int, told: Told) -> Figures:
    """Ask for the 20 open cases nearest to points all over the district."""
    leader = await town.crew.phone(LEADER, Seat)

    async def read() -> None:
        assert len(await leader.nearest(town.point_in(town.any_grid()), first=PAGE)) == PAGE

    return await _timed(read, count, told)


async def submit_rate(town: Town, phones: int, each: int, told: Told) -> Figures:
    """Have many phones report at once, without photos, and see how long the city needs to digest it."""
    people = [f"inspector-{number:03d}" for number in range(1, phones + 1)]
    taken: list[float] = []

    async def reports(person_id: str) -> None:
        phone = await town.crew.phone(person_id, InspectorPhone)
        for _ in range(each):
            began = time.monotonic()
            point = town.point_in(town.any_grid())
            await phone.report(point, type_code=TYPED[0], condition_id=TYPED[1])
            taken.append(time.monotonic() - began)
            told()

    began = time.monotonic()
    await asyncio.gather(*(reports(person_id) for person_id in people))
    submitted = time.monotonic() - began
    await town.is_idle()
    digested = time.monotonic() - began
    return {
        "reports_per_s": round(len(taken) / submitted, 1),
        "reports_to_dispatched_and_pushed_per_s": round(len(taken) / digested, 1),
        **spread(taken, 0.5, 0.95),
    }


async def whole_loop(town: Town, count: int, under_way: int, told: Told) -> Figures:
    """Walk cases with photos from report to closing and see how many pass in a minute."""
    began, tally, places = time.monotonic(), Tally(), asyncio.Semaphore(under_way)
    chief = await town.crew.phone("shift-leader-001", Seat)

    async def one() -> None:
        async with places:
            await chief.close_case(await walk_to_closing(town, tally), "同意结案")
            told()

    await asyncio.gather(*(one() for _ in range(count)))
    seconds = time.monotonic() - began
    return {"cases": count, "under_way": under_way, "cases_per_minute": round(count / seconds * 60, 1)}


async def _timed(read: Callable[[], Awaitable[None]], count: int, told: Told) -> Figures:
    for _ in range(5):
        await read()
    taken = []
    began = time.monotonic()
    for _ in range(count):
        start = time.monotonic()
        await read()
        taken.append(time.monotonic() - start)
        told()
    return {**spread(taken, 0.5, 0.95), "requests_per_s": round(count / (time.monotonic() - began), 1)}
