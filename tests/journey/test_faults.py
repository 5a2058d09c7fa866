"""Parts of the city die in the middle of their work: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal

import pytest

from city_core.detection.look import LOOKS
from city_demo.morning.crew import Crew, officers_of
from city_demo.phones import InspectorPhone
from tests.journey.photos import fresh_photo
from tests.journey.running_city import Row, RunningCity
from tests.waiting import until

LIN = "inspector-015"
GARBAGE = ("E0110", "E0110-1")
OF_PHOTOS = ("RECORD_DETECTIONS", "WEIGH_EVIDENCE")  # at whatever moment they are ready
_places = itertools.count()


@pytest.fixture(autouse=True)
async def officers_on_duty(crew: Crew) -> None:
    """Let the officers who get the tasks have phones that can be pushed to."""
    await crew.come_on_duty(officers_of(["sanitation"]))


async def report(crew: Crew, *, photos: int = 1) -> str:
    """Have an inspector report exposed garbage somewhere else than before; gives the case id."""
    phone = await crew.phone(LIN, InspectorPhone)
    media_ids = [await phone.take_photo(fresh_photo()) for _ in range(photos)]
    turn = next(_places)
    point = (118.0160 + 0.0003 * (turn % 25), 36.8160 + 0.0003 * (turn // 25))
    type_code, condition_id = GARBAGE
    case = await phone.report(point, photos=media_ids, type_code=type_code, condition_id=condition_id)
    return str(case["id"])


def cases(city: RunningCity, case_ids: list[str]) -> list[Row]:
    return list(city.database.cases.find({"_id": {"$in": case_ids}}))


async def until_all_is_done(city: RunningCity, case_ids: list[str]) -> list[Row]:
    """Wait until all these cases are dispatched, all their photos looked at, and no work is left anywhere."""

    def is_done() -> bool:
        found = cases(city, case_ids)
        return not city.open_work() and all(
            case["state"] == "DISPATCHED" and len(case["detections"]) >= len(case["photos"]) for case in found
        )

    def what_is_left() -> object:
        states = [
            (case["state"], len(case["detections"]), len(case["photos"])) for case in cases(city, case_ids)
        ]
        return f"everything done; left are {city.open_work()[:10]} in {states}"

    await until(is_done, what_is_left)
    found = cases(city, case_ids)
    assert len(found) == len(case_ids)
    return found


def assert_nothing_lost_or_doubled(city: RunningCity, case: Row) -> None:
    assert [row["seq"] for row in case["history"]] == list(range(1, case["version"] + 1))
    media_ids = [photo["media_id"] for photo in case["photos"]]
    assert sorted(found["media_id"] for found in case["detections"]) == sorted(media_ids)
    steps = [row["action"] for row in case["history"] if row["action"] not in OF_PHOTOS]
    assert steps == ["SUBMIT", "ADMIT", "FILE", "DISPATCH"]
    messages = list(city.database.inbox_messages.find({"case_id": case["_id"]}))
    assert [(row["kind"], row["person_id"]) for row in messages] == [
        ("TASK_ASSIGNED", case["task"]["assignee_id"])
    ]
    assert [push["outcome"] for push in messages[0]["pushes"]] == ["DELIVERED"]


async def test_ten_reports_survive_a_redis_that_dies_in_their_middle(
    running_city: RunningCity, crew: Crew
) -> None:
    case_ids = [await report(crew) for _ in range(5)]
    running_city.redis.kill()
    case_ids += [await report(crew) for _ in range(5)]
    running_city.redis.start()
    for case in await until_all_is_done(running_city, case_ids):
        assert_nothing_lost_or_doubled(running_city, case)


async def test_a_city_without_redis_gets_everything_done_only_later(
    running_city: RunningCity, crew: Crew
) -> None:
    running_city.redis.kill()
    try:
        case_ids = [await report(crew) for _ in range(3)]
        for case in await until_all_is_done(running_city, case_ids):
            assert_nothing_lost_or_doubled(running_city, case)
    finally:
        running_city.redis.start()


async def test_reports_under_way_while_the_api_dies_arrive_once(
    running_city: RunningCity, crew: Crew
) -> None:
    before = running_city.database.cases.count_documents({})
    reports = asyncio.gather(*(report(crew) for _ in range(8)))
    await until(lambda: running_city.database.cases.count_documents({}) > before, "the first reports")
    running_city.api.kill()
    running_city.api.start()
    case_ids = await reports
    for case in await until_all_is_done(running_city, case_ids):
        assert_nothing_lost_or_doubled(running_city, case)
    assert running_city.database.cases.count_documents({}) == before + len(case_ids)


async def test_reports_under_way_while_mongodb_dies_arrive_once(
    running_city: RunningCity, crew: Crew
) -> None:
    before = running_city.database.cases.count_documents({})
    reports = asyncio.gather(*(report(crew) for _ in range(8)))
    await until(lambda: running_city.database.cases.count_documents({}) > before, "the first reports")
    running_city.mongod.kill()
    await asyncio.to_thread(running_city.mongod.start)
    case_ids = await reports
    for case in await until_all_is_done(running_city, case_ids):
        assert_nothing_lost_or_doubled(running_city, case)
    assert running_city.database.cases.count_documents({}) == before + len(case_ids)


@pytest.mark.parametrize("name", ["detection", "jobs"])
async def test_a_worker_killed_in_the_middle_of_its_work_is_made_up_for(
    running_city: RunningCity, crew: Crew, name: str
) -> None:
    worker = getattr(running_city, name)
    reports = asyncio.gather(*(report(crew, photos=2) for _ in range(6)))

    def is_frozen_at_work() -> bool:
        """Hold the worker still to see for certain that it has work in its hands."""
        os.kill(worker.pid, signal.SIGSTOP)
        at_work = any((kind in LOOKS) == (name == "detection") for kind in running_city.claimed_work())
        if not at_work:
            os.kill(worker.pid, signal.SIGCONT)
        return at_work

    await until(is_frozen_at_work, f"{worker.name} at work")
    worker.kill()
    case_ids = await reports
    running_city.restart(worker)
    for case in await until_all_is_done(running_city, case_ids):
        assert_nothing_lost_or_doubled(running_city, case)
