"""Work rows on a real mongod: leases, fencing, attempts, giving up, sweeping."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect

from city_core.bootstrap import open_city
from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.waking import QuietWaker, Wake
from city_core.kit.work import (
    BEGUN_ANEW_AFTER_SECONDS,
    MOST_ATTEMPTS,
    Claim,
    Handler,
    Later,
    WorkItem,
    begin_anew,
    claim,
    finish,
    overdue,
    put_off,
)
from city_demo.embedded import EmbeddedMongod
from tests.conftest import empty, settings_for
from tests.hand_clock import HandClock


@pytest.fixture
async def clock(city: City) -> HandClock:
    return HandClock(city.clock.now())


@pytest.fixture
async def timed(mongod: EmbeddedMongod, clock: HandClock):  # type: ignore[no-untyped-def]
    async with open_city(settings_for(mongod), app_name="t", clock=clock, waker=QuietWaker()) as opened:
        item = WorkItem("paint", "paint", clock.now(), {"colour": "red"})
        await opened.database.cases.insert_one(
            {"_id": "c", "work": [item.row()], "reporter_id": "r", "client_id": "c"}
        )
        yield opened
        await empty(opened.database)


def wake(city: City) -> Wake:
    return Wake("paint", "cases", "c", "paint", city.clock.now())


async def work_of(city: City) -> list[dict[str, object]]:
    case = await city.database.cases.find_one({"_id": "c"})
    assert case is not None
    return list(case["work"])


async def test_only_one_worker_gets_it_until_the_lease_ends(timed: City, clock: HandClock) -> None:
    first = await claim(timed, wake(timed))
    assert first is not None and first.attempts == 1 and first.input == {"colour": "red"}
    assert await claim(timed, wake(timed)) is None
    clock.turn(seconds=timed.settings.work_lease_seconds + 1)
    second = await claim(timed, wake(timed))
    assert second is not None and second.attempts == 2
    assert not await finish(timed, first), "the first worker came too late"
    assert await finish(timed, second)
    assert await work_of(timed) == []


async def test_put_off_work_waits_and_a_late_worker_cannot_put_it_off(timed: City, clock: HandClock) -> None:
    first = await claim(timed, wake(timed))
    assert first is not None
    await put_off(timed, first, 60)
    assert await claim(timed, wake(timed)) is None
    clock.turn(seconds=61)
    second = await claim(timed, wake(timed))
    assert second is not None
    await put_off(timed, first, 1000)
    assert await finish(timed, second)


async def test_a_failing_job_is_given_up_after_its_attempts(timed: City, clock: HandClock) -> None:
    tries: list[int] = []
    given_up: list[str] = []

    async def fail(_: City, held: Claim) -> bool:
        tries.append(held.attempts)
        raise RuntimeError("no paint")

    async def person_takes_over(_: City, held: Claim) -> bool:
        given_up.append(held.owner_id)
        return False

    handlers = {"paint": Handler(fail, person_takes_over)}
    for _ in range(MOST_ATTEMPTS + 3):
        await perform(timed, handlers, wake(timed))
        clock.turn(seconds=3600)
    assert tries == list(range(1, MOST_ATTEMPTS + 1))
    assert given_up == ["c"]
    [row] = await work_of(timed)
    assert row["given_up"] is True


async def test_later_waits_as_long_as_asked(timed: City, clock: HandClock) -> None:
    async def not_yet(_: City, __: Claim) -> bool:
        raise Later(30, "paint is wet")

    assert not await perform(timed, {"paint": Handler(not_yet)}, wake(timed))
    assert [row["due_at"] for row in await work_of(timed)] == [clock.now() + timedelta(seconds=30)]


async def test_other_kinds_of_waiting_work_do_not_hide_ours(timed: City, clock: HandClock) -> None:
    older = WorkItem("detect", "detect", clock.now() - timedelta(hours=1))
    await timed.database.cases.insert_many([
        {"_id": f"d{number}", "work": [older.row()], "reporter_id": "r", "client_id": f"d{number}"}
        for number in range(20)
    ])  # fmt: skip
    clock.turn(seconds=10)
    assert [found.owner_id for found in await overdue(timed, "cases", ["paint"], 10)] == ["c"]


async def test_the_sweep_finds_what_nobody_was_woken_for(timed: City, clock: HandClock) -> None:
    assert await overdue(timed, "cases", ["paint"], 10) == []
    clock.turn(seconds=10)
    assert [found.key for found in await overdue(timed, "cases", ["paint"], 10)] == ["paint"]
    assert await overdue(timed, "cases", ["other"], 10) == []
    held = await claim(timed, wake(timed))
    assert held is not None
    assert await overdue(timed, "cases", ["paint"], 10) == []


async def test_a_try_that_mongodb_did_not_answer_is_none(timed: City, clock: HandClock) -> None:
    async def unanswered(_: City, __: Claim) -> bool:
        raise AutoReconnect("no primary")

    for _ in range(MOST_ATTEMPTS + 3):
        await perform(timed, {"paint": Handler(unanswered)}, wake(timed))
        clock.turn(seconds=3600)
    [row] = await work_of(timed)
    assert (row["given_up"], row["attempts"]) == (False, 0)


async def test_what_may_never_be_given_up_begins_anew(timed: City, clock: HandClock) -> None:
    failing = [True]

    async def fail_at_first(_: City, __: Claim) -> bool:
        if failing:
            raise RuntimeError("no paint")
        return False

    handlers = {"paint": Handler(fail_at_first, begin_anew)}
    for _ in range(MOST_ATTEMPTS + 1):
        await perform(timed, handlers, wake(timed))
        clock.turn(seconds=70)
    failing.clear()
    assert not await perform(timed, handlers, wake(timed)), "it waits for a while"
    clock.turn(seconds=BEGUN_ANEW_AFTER_SECONDS)
    assert await perform(timed, handlers, wake(timed))
    assert await work_of(timed) == []


async def _waiting(city: City, *case_ids: str) -> list[Wake]:
    for case_id in case_ids:
        item = WorkItem("paint", "paint", city.clock.now())
        row = {"_id": case_id, "work": [item.row()], "reporter_id": "r", "client_id": case_id}
        await city.database.cases.insert_one(row)
    return [Wake("paint", "cases", case_id, "paint", city.clock.now()) for case_id in case_ids]


def _leading_to(wakes: list[Wake], *, for_many: bool = False) -> Handler:
    async def lead(city: City, _: Claim) -> bool:
        for one in wakes:
            city.waker.wake(one)
        return False

    return Handler(lead, for_many=for_many)


async def test_what_a_job_leads_to_is_done_side_by_side(timed: City) -> None:
    together = asyncio.Barrier(3)

    async def paint(_: City, __: Claim) -> bool:
        async with asyncio.timeout(5):
            await together.wait()
        return False

    await timed.database.cases.update_one({"_id": "c"}, {"$set": {"work.0.kind": "lead"}})
    wakes = await _waiting(timed, "one", "two", "three")
    assert await perform(timed, {"lead": _leading_to(wakes), "paint": Handler(paint)}, wake(timed))
    assert await timed.database.cases.count_documents({"work": {"$ne": []}}) == 0


async def test_what_is_done_in_another_lane_is_left_to_it(timed: City) -> None:
    await timed.database.cases.update_one({"_id": "c"}, {"$set": {"work.0.kind": "lead"}})
    wakes = await _waiting(timed, "one")
    assert await perform(timed, {"lead": _leading_to(wakes)}, replace(wake(timed), kind="lead"))
    assert isinstance(timed.waker, QuietWaker) and timed.waker.wakes == wakes
    assert not await perform(timed, {"lead": _leading_to([])}, wakes[0])
    [item] = (await timed.database.cases.find_one({"_id": "one"}) or {})["work"]
    assert (item["attempts"], item["token"]) == (0, None)


async def test_one_document_is_worked_on_one_at_a_time(timed: City) -> None:
    under_way, order = 0, []

    async def paint(city: City, held: Claim) -> bool:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await city.database.command("ping")
        order.append(held.key)
        under_way -= 1
        return False

    rows = [WorkItem("paint", key, timed.clock.now()).row() for key in ("b", "a", "c")]
    await timed.database.cases.update_one({"_id": "c"}, {"$set": {"work.0.kind": "lead"}})
    await timed.database.cases.update_one({"_id": "c"}, {"$push": {"work": {"$each": rows}}})
    wakes = [Wake("paint", "cases", "c", key, timed.clock.now()) for key in ("b", "a", "c")]
    assert await perform(timed, {"lead": _leading_to(wakes), "paint": Handler(paint)}, wake(timed))
    assert order == ["b", "a", "c"]


async def test_what_a_job_for_many_leads_to_is_left_to_others(timed: City) -> None:
    async def paint(_: City, __: Claim) -> bool:
        raise AssertionError("not by whoever told of it")

    await timed.database.cases.update_one({"_id": "c"}, {"$set": {"work.0.kind": "lead"}})
    wakes = await _waiting(timed, "one", "two")
    handlers = {"lead": _leading_to(wakes, for_many=True), "paint": Handler(paint)}
    assert await perform(timed, handlers, wake(timed))
    assert isinstance(timed.waker, QuietWaker)
    assert timed.waker.wakes == wakes


async def test_one_that_fails_keeps_no_other_from_being_done(timed: City) -> None:
    done: list[str] = []

    async def paint(_: City, held: Claim) -> bool:
        if held.owner_id == "one":
            raise ValueError("no paint")
        done.append(held.owner_id)
        return False

    await timed.database.cases.update_one({"_id": "c"}, {"$set": {"work.0.kind": "lead"}})
    wakes = await _waiting(timed, "one", "two")
    assert await perform(timed, {"lead": _leading_to(wakes), "paint": Handler(paint)}, wake(timed))
    assert done == ["two"]
