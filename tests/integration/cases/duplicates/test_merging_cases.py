"""Merging two cases and undoing it, on a real mongod."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.check import check_case
from city_core.cases.close import close_case
from city_core.cases.duplicates.follow import followed_cases
from city_core.cases.duplicates.join import join_case
from city_core.cases.duplicates.merge import merge_cases
from city_core.cases.duplicates.unmerge import unmerge_case
from city_core.cases.model import Case
from city_core.cases.queries import CaseFilter, count_cases, find_case, page_of_cases
from city_core.cases.rate import rate_case
from city_core.cases.report_handled import report_handled
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor
from tests.integration.cases.duplicates.support import (
    SetClock,
    command,
    dispatched,
    do_all_work,
    look,
    photo,
    report,
    stored,
    told,
)

People = dict[str, Actor]
_CLOCKS = ("clocks", "deadline_at", "stage_due_at", "stage_yellow_at")  # they stand still while merged
_UNLIKE = ("version", "history", "updated_at", "tally_due", *_CLOCKS)


@pytest.fixture
def city(city: City) -> City:
    """On a Wednesday at 9 in Beijing; the time that a test takes is not charged to its cases."""
    return replace(city, clock=SetClock(datetime(2026, 11, 18, 1, 0, tzinfo=UTC)))


async def merge(city: City, people: People, one: Row, into: Row, who: str = "dispatcher-1") -> Row:
    return await merge_cases(
        city, people[who], one["_id"], command(), into_case_id=into["_id"], reason="同一件事"
    )


async def unmerge(city: City, people: People, one: Row, who: str = "dispatcher-1") -> Row:
    return await unmerge_case(city, people[who], one["_id"], command(), reason="并错了")


def alike(case: Row, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """All of a case but what every step changes; the seat that merged it remains involved."""
    rest = {name: value for name, value in case.items() if name not in (*_UNLIKE, "work", *but)}
    involved = [person for person in case["people_involved"] if person != "dispatcher-1"]
    return {**rest, "people_involved": involved}


async def citizens_case(city: City, people: People, who: str, metres: float = 0) -> Row:
    case = await report(city, people[who], metres, description=f"{who}说的话")
    await do_all_work(city)
    return await stored(city, case["_id"])


async def close(city: City, people: People, case_id: str) -> None:
    """Walk a dispatched case to its closing."""
    officer = people[(await stored(city, case_id))["task"]["assignee_id"]]
    await accept_task(city, officer, case_id, command())
    after = await photo(city, officer, 9)
    await report_handled(city, officer, case_id, command(), opinion="已清理", media_ids=[after])
    await do_all_work(city)
    checker = people[(await stored(city, case_id))["task"]["assignee_id"]]
    await check_case(city, checker, case_id, command(), passed=True)
    await close_case(city, people["leader-of-shift"], case_id, command())
    await do_all_work(city)


async def test_a_duplicate_goes_on_as_part_of_the_other_case(city: City, people: People) -> None:
    target, duplicate = await dispatched(city, people), await citizens_case(city, people, "citizen-2", 10)
    verifier = duplicate["task"]["assignee_id"]
    merged = await merge(city, people, duplicate, target)
    assert (merged["state"], merged["task"], merged["merged_into"]) == ("MERGED", None, target["_id"])
    assert merged["history"][-1]["opinion"] == "同一件事"
    target = await stored(city, target["_id"])
    [row] = target["joined_reports"]
    assert (row["reporter_id"], row["merged_case_id"]) == ("citizen-2", duplicate["_id"])
    assert target["history"][-1]["action"] == "TAKE_IN"
    assert await find_case(city, people["citizen-2"], target["_id"]) is not None
    assert list(await followed_cases(city, people["citizen-2"], [target["_id"]])) == [target["_id"]]
    assert await followed_cases(city, people["citizen-1"], [target["_id"]]) == {}
    Case.model_validate(merged), Case.model_validate(target)
    await do_all_work(city)
    withdrawn = await city.database.inbox_messages.find({"kind": "TASK_WITHDRAWN"}).to_list(None)
    assert [message["person_id"] for message in withdrawn] == [verifier]
    assert (await told(city, "citizen-2"))[-1]["case_id"] == duplicate["_id"]
    await accept_task(city, people[target["task"]["assignee_id"]], target["_id"], command())
    await do_all_work(city)
    assert (await told(city, "citizen-2"))[-1]["case_id"] == target["_id"]


async def test_undoing_a_merge_restores_both_exactly(city: City, people: People) -> None:
    target, duplicate = await dispatched(city, people), await dispatched(city, people, 10)
    item = WorkItem("recurrence", "later:1", duplicate["deadline_at"], {"step": 1})
    await city.database.cases.update_one({"_id": duplicate["_id"]}, {"$push": {"work": item.row()}})
    before = [row["key"] for row in duplicate["work"] if row["kind"] == "escalate"]
    merged = await merge(city, people, duplicate, target)
    assert [row["kind"] for row in merged["work"]] == ["notify"]
    await do_all_work(city)
    back = await unmerge(city, people, duplicate)
    assert alike(back) == alike(duplicate)
    assert [row for row in back["work"] if row["kind"] not in ("notify", "escalate")] == [item.row()]
    assert [row["key"] for row in back["work"] if row["kind"] == "escalate"] == before != []
    assert alike(await stored(city, target["_id"])) == alike(target)
    await do_all_work(city)
    told_again = {"kind": "TASK_ASSIGNED", "case_id": duplicate["_id"], "seq": back["version"]}
    [message] = await city.database.inbox_messages.find(told_again).to_list(None)
    assert message["person_id"] == duplicate["task"]["assignee_id"]
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await unmerge(city, people, duplicate)


async def test_time_spent_merged_is_not_charged_and_everything_else_of_the_clocks_is_restored(
    city: City, people: People
) -> None:
    assert isinstance(city.clock, SetClock)
    target, duplicate = await dispatched(city, people), await dispatched(city, people, 10)
    city.clock.at += timedelta(minutes=30)
    await merge(city, people, duplicate, target)
    back = await unmerge(city, people, duplicate)
    assert {name: back[name] for name in _CLOCKS[1:]} == {name: duplicate[name] for name in _CLOCKS[1:]}
    assert back["clocks"]["stage"]["used_s"] == 30 * 60
    await merge(city, people, back, target)
    city.clock.at += timedelta(minutes=45)
    later = await unmerge(city, people, duplicate)
    assert later["clocks"]["stage"]["used_s"] == 30 * 60
    assert later["deadline_at"] == back["deadline_at"] + timedelta(minutes=45)
    assert (await stored(city, target["_id"]))["deadline_at"] == target["deadline_at"]


async def test_each_reporter_rates_once_and_a_rating_goes_back_with_its_report(
    city: City, people: People
) -> None:
    target = await dispatched(city, people)
    duplicate = await citizens_case(city, people, "citizen-2", 10)
    [similar, *_] = await look(city, people["citizen-1"])
    await merge(city, people, duplicate, target)
    await join_case(city, people["citizen-1"], command(), token=similar.token)
    await close(city, people, target["_id"])
    for who, stars in (("citizen-1", 5), ("citizen-2", 2)):
        await rate_case(city, people[who], target["_id"], command(), stars=stars)
        with pytest.raises(CityProblem, match="ALREADY_RATED"):
            await rate_case(city, people[who], target["_id"], command(), stars=1)
    closed = await stored(city, target["_id"])
    assert closed["rating"] is None
    assert {row["reporter_id"]: row["rating"]["stars"] for row in closed["joined_reports"]} == {
        "citizen-1": 5, "citizen-2": 2,
    }  # fmt: skip
    back = await unmerge(city, people, duplicate)
    assert (back["state"], back["rating"]["stars"]) == ("PENDING_VERIFICATION", 2)
    assert alike(back, but=("rating",)) == alike(duplicate, but=("rating",))
    after = await stored(city, target["_id"])
    assert after["state"] == "CLOSED"
    assert [row["reporter_id"] for row in after["joined_reports"]] == ["citizen-1"]
    assert await find_case(city, people["citizen-2"], target["_id"]) is None


async def test_a_chain_moves_along_and_is_undone_from_the_middle(city: City, people: People) -> None:
    a = await citizens_case(city, people, "citizen-1")
    b = await citizens_case(city, people, "citizen-2", 10)
    c = await dispatched(city, people, 20)
    before = {case["_id"]: alike(case) for case in (a, b, c)}
    await merge(city, people, a, b)
    await merge(city, people, b, c)
    rows = (await stored(city, c["_id"]))["joined_reports"]
    assert [(row["reporter_id"], row["merged_case_id"]) for row in rows] == [
        ("citizen-2", b["_id"]), ("citizen-1", a["_id"]),
    ]  # fmt: skip
    assert await find_case(city, people["citizen-1"], c["_id"]) is not None
    await unmerge(city, people, a)
    assert alike(await stored(city, a["_id"])) == before[a["_id"]]
    assert await find_case(city, people["citizen-1"], c["_id"]) is None
    assert await find_case(city, people["citizen-1"], b["_id"]) is None
    await unmerge(city, people, b)
    for case_id, was in before.items():
        assert alike(await stored(city, case_id)) == was


async def test_merges_that_make_no_sense_are_refused_and_change_nothing(city: City, people: People) -> None:
    a, b = await dispatched(city, people), await dispatched(city, people, 10)
    ended = await citizens_case(city, people, "citizen-1", 20)
    await city.database.cases.update_one({"_id": ended["_id"]}, {"$set": {"state": "REJECTED"}})
    part = await dispatched(city, people, 30)
    await city.database.cases.update_one({"_id": part["_id"]}, {"$set": {"parent_id": a["_id"]}})
    before = await city.database.cases.find({}).to_list(None)
    for one, into, code in (
        (a, a, "MERGE_NOT_POSSIBLE"),
        (a, part, "MERGE_NOT_POSSIBLE"),
        (part, a, "MERGE_NOT_POSSIBLE"),
        (a, ended, "STEP_NOT_POSSIBLE"),
        (ended, a, "STEP_NOT_POSSIBLE"),
    ):
        with pytest.raises(CityProblem, match=code):
            await merge(city, people, one, into)
    for who, code in (("leader-1", "NOT_ALLOWED"), ("officer-1", "NOT_ALLOWED"), ("citizen-1", "CASE_NOT")):
        with pytest.raises(CityProblem, match=code):
            await merge(city, people, a, b, who)
    with pytest.raises(CityProblem, match="OPINION_REQUIRED"):
        await merge_cases(
            city, people["dispatcher-1"], a["_id"], command(), into_case_id=b["_id"], reason=" "
        )
    await city.database.cases.update_one({"_id": b["_id"]}, {"$set": {"place.street_code": "far"}})
    with pytest.raises(CityProblem, match="CASE_NOT_FOUND"):
        await merge(city, people, a, b)
    await city.database.cases.update_one({"_id": b["_id"]}, {"$set": {"place": b["place"]}})
    assert await city.database.cases.find({}).to_list(None) == before
    await merge(city, people, a, b)
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await merge(city, people, part | {"_id": b["_id"]}, a)


async def test_two_seats_who_merge_crosswise_leave_one_open_case(city: City, people: People) -> None:
    for _ in range(5):
        a, b = await dispatched(city, people), await dispatched(city, people, 10)
        tries = (merge(city, people, a, b), merge(city, people, b, a, "leader-of-shift"))
        results = await asyncio.gather(*tries, return_exceptions=True)
        [refused] = [result for result in results if isinstance(result, CityProblem)]
        assert refused.code == "STEP_NOT_POSSIBLE"
        after = [await stored(city, case["_id"]) for case in (a, b)]
        assert sorted(case["state"] for case in after) == ["DISPATCHED", "MERGED"]
        assert sorted(len(case["joined_reports"]) for case in after) == [0, 1]


async def test_merging_and_joining_at_once_loses_nobody(city: City, people: People) -> None:
    target, duplicate = await dispatched(city, people), await citizens_case(city, people, "citizen-1", 10)
    [token] = [one.token for one in await look(city, people["citizen-2"], 40) if one.state != "DISPATCHED"]
    await asyncio.gather(
        merge(city, people, duplicate, target),
        join_case(city, people["citizen-2"], command(), token=token),
    )
    rows = (await stored(city, target["_id"]))["joined_reports"]
    assert {row["reporter_id"] for row in rows} == {"citizen-1", "citizen-2"}


async def test_repeated_commands_merge_and_unmerge_once(city: City, people: People) -> None:
    a, b, seat = await dispatched(city, people), await dispatched(city, people, 10), people["dispatcher-1"]
    once, undone = command(), command()
    for _ in range(2):
        merged = await merge_cases(city, seat, a["_id"], once, into_case_id=b["_id"], reason="同一件")
        assert merged["version"] == a["version"] + 1
    for _ in range(2):
        back = await unmerge_case(city, seat, a["_id"], undone, reason="并错了")
        assert (back["state"], back["version"]) == ("DISPATCHED", a["version"] + 2)


async def test_who_reported_a_merged_case_does_not_check_the_other_one(city: City, people: People) -> None:
    target = await report(city, people["citizen-1"])
    duplicate = await report(city, people["inspector-1"], 10, type_code=None, condition_id=None)
    await do_all_work(city)
    await merge(city, people, duplicate, target)
    await city.database.cases.update_one(
        {"_id": target["_id"]}, {"$set": {"state": "PENDING_CHECK", "task": None}}
    )
    with pytest.raises(CityProblem, match="SEPARATION_OF_DUTIES"):
        await check_case(city, people["inspector-1"], target["_id"], command(), passed=True)


async def test_one_case_is_counted_for_many_reports(city: City, people: People) -> None:
    target, duplicate = await dispatched(city, people), await citizens_case(city, people, "citizen-2", 10)
    await merge(city, people, duplicate, target)

    async def listed(who: str, **wanted: Any) -> set[str]:
        page = await page_of_cases(city, people[who], CaseFilter(**wanted), first=50)
        assert len(page.rows) == await count_cases(city, people[who], CaseFilter(**wanted))
        return {row["_id"] for row in page.rows}

    assert await listed("dispatcher-1") == {target["_id"]}
    assert await listed("dispatcher-1", merged=True) == {duplicate["_id"]}
    assert await listed("dispatcher-1", states=["MERGED"]) == {duplicate["_id"]}
    assert await listed("citizen-2") == {target["_id"], duplicate["_id"]}
    assert await listed("citizen-2", merged=False) == {target["_id"]}
    assert await listed("inspector-1") == {target["_id"]}
