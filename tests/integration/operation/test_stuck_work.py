"""Stuck work is listed by how it stands, and settled by the operator, never under a worker's hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from city_core.bootstrap import STORED_SHAPES, WORK_COLLECTIONS
from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.waking import QuietWaker, Wake
from city_core.kit.work import MOST_ATTEMPTS, Claim, Handler, WorkItem, claim
from city_core.operation.refusals import OperationRefused
from city_core.operation.settle_work import forget_work, give_up_work, retry_work
from city_core.operation.work_items import COLLECTIONS_OF_WORK, Standing, parts_of, stuck_work
from tests.hand_clock import HandClock

STUCK = (Standing.GIVEN_UP, Standing.FAILING, Standing.LATE)
NAMES = {
    "given": Standing.GIVEN_UP, "failing": Standing.FAILING, "late": Standing.LATE, "waits": Standing.WAITING,
    "held": Standing.WAITING,
}  # fmt: skip


@pytest.fixture
async def timed(city: City) -> City:
    """A city in which five items of one photo and one of a case stand differently."""
    clock = HandClock(city.clock.now())
    now, soon, ago = clock.now(), clock.now() + timedelta(minutes=1), clock.now() - timedelta(minutes=9)
    rows = {name: WorkItem("paint", name, soon).row() for name in NAMES}
    rows["given"] |= {"given_up": True, "due_at": None, "attempts": 6, "token": "t1"}
    rows["failing"] |= {"attempts": 2}
    rows["late"] |= {"due_at": ago}
    rows["held"] |= {"attempts": 1, "token": "t2", "due_at": now + timedelta(seconds=20)}
    await city.database.photos.insert_one({"_id": "p", "work": list(rows.values())})
    case = {"_id": "c", "reporter_id": "r", "client_id": "c",
            "work": [WorkItem("look", "a/b", ago).row()]}  # fmt: skip
    await city.database.cases.insert_one(case)
    return replace(city, clock=clock)


def name(key: str) -> str:
    return f"photos/p/{key}"


async def listed(city: City, *standings: Standing, **how: Any) -> dict[str, Standing]:
    return {item.key: item.standing async for item in stuck_work(city, standings, **how)}


async def test_work_is_listed_by_how_it_stands(timed: City) -> None:
    assert await listed(timed, *STUCK) == {
        "given": Standing.GIVEN_UP, "failing": Standing.FAILING, "late": Standing.LATE, "a/b": Standing.LATE,
    }  # fmt: skip
    for key, standing in NAMES.items():
        assert (await listed(timed, standing, kinds=["paint"]))[key] is standing
    assert len(await listed(timed, *STUCK, most=2)) == 2
    assert await listed(timed, *STUCK, kinds=["unheard-of"]) == {}


async def test_dead_letters_are_found_in_an_index(timed: City) -> None:
    query = {
        "$or": [{"work": {"$elemMatch": {"kind": {"$in": ["paint"]}, "due_at": None, "given_up": True}}}]
    }
    plan = await timed.database.photos.find(query).explain()
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])


async def test_what_was_given_up_is_tried_anew_and_a_worker_is_woken(timed: City) -> None:
    waker = QuietWaker()
    await retry_work(replace(timed, waker=waker), "operator:t", name("given"))
    assert [wake.key for wake in waker.wakes] == ["given"]
    done: list[int] = []

    async def do(city: City, held: Claim) -> bool:
        done.append(held.attempts)
        return False

    assert await perform(timed, {"paint": Handler(do)}, waker.wakes[0]) and done == [1]
    assert "given" not in await listed(timed, *Standing)
    deed = await timed.database.operator_deeds.find_one({})
    assert deed is not None and (deed["by"], deed["command"]) == ("operator:t", "work retry")


async def test_giving_up_is_done_by_a_worker_in_good_order(timed: City) -> None:
    await give_up_work(timed, "operator:t", name("failing"))
    given_up: list[int] = []

    async def do(city: City, held: Claim) -> bool:
        raise AssertionError("it is not to be tried")

    async def give_up(city: City, held: Claim) -> bool:
        given_up.append(held.attempts)
        return False

    wake = Wake("paint", "photos", "p", "failing", timed.clock.now())
    await perform(timed, {"paint": Handler(do, give_up)}, wake)
    assert given_up == [MOST_ATTEMPTS + 1]
    assert (await listed(timed, Standing.GIVEN_UP)).keys() == {"given", "failing"}
    await forget_work(timed, "operator:t", name("failing"))
    assert "failing" not in await listed(timed, *Standing)


@pytest.mark.parametrize(
    ("settle", "key", "why"),
    [
        (retry_work, "held", "at this moment"), (give_up_work, "held", "at this moment"),
        (give_up_work, "given", "given up already"), (forget_work, "late", "not given up"),
        (retry_work, "nothing", "There is no work"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_and_not_on_record(
    timed: City, settle: Any, key: str, why: str
) -> None:
    before = await timed.database.photos.find_one({"_id": "p"})
    with pytest.raises(OperationRefused, match=why):
        await settle(timed, "operator:t", name(key))
    assert await timed.database.photos.find_one({"_id": "p"}) == before
    assert await timed.database.operator_deeds.count_documents({}) == 0


async def test_a_worker_that_is_faster_keeps_its_work(timed: City) -> None:
    held = await claim(timed, Wake("paint", "photos", "p", "late", timed.clock.now()))
    assert held is not None
    with pytest.raises(OperationRefused, match="at this moment"):
        await retry_work(timed, "operator:t", name("late"))


def test_every_collection_with_work_is_looked_at() -> None:
    with_work = {shape.Settings.name for shape in STORED_SHAPES if "work" in shape.model_fields}  # type: ignore[attr-defined]
    assert set(COLLECTIONS_OF_WORK) == with_work == set(WORK_COLLECTIONS)


@pytest.mark.parametrize("text", ["", "photos", "photos/p", "photos//k", "people/p/k", "photos/p/"])
def test_what_is_no_name_of_work(text: str) -> None:
    assert parts_of(text) is None
