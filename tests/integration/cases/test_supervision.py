"""Supervision and urging by hand, their receipts, and the lists of those who watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.confirm_supervision import confirm_supervision
from city_core.cases.model import Case
from city_core.cases.record import Step, change_case
from city_core.cases.submit import ReportDraft, submit_report
from city_core.cases.supervise import supervise_case
from city_core.cases.urge import urge_case
from city_core.cases.watch_queries import Watch, cases_to_watch, supervisions_open
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from tests.village import INSIDE, STREET
from tests.work_by_hand import command, do_due_work, stored, told

DRAFT = ReportDraft("E0110", "E0110-1", "墙边有垃圾", *INSIDE, "WGS84", 8.0, "柳泉路", [])
People = dict[str, Actor]


async def off_duty(city: City, *names: str) -> None:
    await city.database.people.update_many({"_id": {"$in": list(names)}}, {"$set": {"on_duty": False}})


async def dispatched(city: City, people: People) -> Row:
    case = await submit_report(city, people["inspector-1"], command(), DRAFT)
    await do_due_work(city)
    return await stored(city, case)


async def open_ones(city: City, actor: Actor, *, to_me: bool = False) -> list[tuple[str, str, str]]:
    page = await supervisions_open(city, actor, to_me=to_me, first=10)
    return [(row["case_id"], row["to_person_id"], row["kind"]) for row in page.rows]


async def test_a_leader_supervises_and_the_holder_gives_the_receipt(city: City, people: People) -> None:
    case = await dispatched(city, people)
    holder, leader, once = people[case["task"]["assignee_id"]], people["leader-1"], command()
    await supervise_case(city, leader, case["_id"], once, text="今日务必办结")
    again = await supervise_case(city, leader, case["_id"], once, text="今日务必办结")
    [row] = again["supervisions"]
    assert (row["kind"], row["by"], row["to_person_id"]) == ("SUPERVISE", "leader-1", holder.person_id)
    assert again["version"] == case["version"] + 1
    await do_due_work(city)
    assert await told(city, "SUPERVISED") == [holder.person_id]
    expected = [(case["_id"], holder.person_id, "SUPERVISE")]
    assert await open_ones(city, leader) == await open_ones(city, holder, to_me=True) == expected
    assert await open_ones(city, people["leader-of-shift"]) == []
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await supervise_case(city, leader, case["_id"], once, text="别的")
    with pytest.raises(CityProblem, match="SUPERVISION_UNKNOWN"):
        await confirm_supervision(city, leader, case["_id"], command(), supervision_id=row["id"])
    assert (await stored(city, case))["version"] == again["version"]
    receipt = command()
    await confirm_supervision(city, holder, case["_id"], receipt, supervision_id=row["id"])
    await confirm_supervision(city, holder, case["_id"], receipt, supervision_id=row["id"])
    after = await stored(city, case)
    assert after["supervisions"][0]["confirmed_at"] is not None
    assert after["version"] == again["version"] + 1
    assert await open_ones(city, leader) == await open_ones(city, holder, to_me=True) == []
    Case.model_validate(after)
    names = {"_id" if name == "id" else name for name in Case.model_fields} - {"revision_id"}
    assert set(after) == names


async def test_whoever_is_urged_depends_on_who_has_the_case(city: City, people: People) -> None:
    await off_duty(city, "officer-1", "officer-2")
    case = await dispatched(city, people)
    assert case["task"]["assignee_id"] is None
    await city.database.people.update_many({}, {"$set": {"on_duty": True}})
    urged = await urge_case(city, people["acceptor-1"], case["_id"], command(), text="请尽快签收")
    assert [row["to_person_id"] for row in urged["supervisions"]] == ["officer-1", "officer-2"]
    assert urged["people_involved"] == ["inspector-1", "acceptor-1"]
    await off_duty(city, "officer-1", "officer-2")
    urged = await urge_case(city, people["acceptor-1"], case["_id"], command(), text="请派遣")
    assert urged["supervisions"][-1]["to_person_id"] == "dispatcher-1"
    assert urged["history"][-1]["reasons"] == [{"why": "PASSED_OVER", "rungs": ["HOLDER", "DEPARTMENT"]}]
    urged = await urge_case(city, people["dispatcher-1"], case["_id"], command(), text="请协调")
    assert urged["supervisions"][-1]["to_person_id"] == "leader-of-shift"


@pytest.mark.parametrize(
    ("who", "text", "code"),
    [
        ("leader-1", " ", "TEXT_INVALID"),
        ("leader-1", "长" * 501, "TEXT_INVALID"),
        ("dispatcher-1", "快", "NOT_ALLOWED"),
        ("officer-1", "快", "NOT_ALLOWED"),
        ("citizen-2", "快", "CASE_NOT_FOUND"),
    ],
)
async def test_supervising_is_refused_and_nothing_happens(
    city: City, people: People, who: str, text: str, code: str
) -> None:
    case = await dispatched(city, people)
    with pytest.raises(CityProblem, match=code):
        await supervise_case(city, people[who], case["_id"], command(), text=text)
    assert (await stored(city, case))["version"] == case["version"]


async def test_an_ended_case_or_an_empty_house_is_not_urged(city: City, people: People) -> None:
    case = await dispatched(city, people)
    everybody = [name for name in people if name != "leader-1"]
    await off_duty(city, *everybody)
    with pytest.raises(CityProblem, match="NOBODY_TO_TELL"):
        await urge_case(city, people["leader-1"], case["_id"], command(), text="快")
    assert (await stored(city, case))["version"] == case["version"]

    async def void(_: Row) -> Step:
        return Step(to=State.VOID)

    await change_case(city, people["leader-of-shift"], case["_id"], Action.DECIDE_VOID, void)
    with pytest.raises(CityProblem, match="STEP_NOT_POSSIBLE"):
        await urge_case(city, people["leader-1"], case["_id"], command(), text="快")


async def shown_at(city: City, case: Row, **fields: Any) -> None:
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": fields})


async def test_the_list_to_watch_has_the_unassigned_first_then_red_then_yellow(
    city: City, people: People
) -> None:
    now = city.clock.now()
    cases = [await dispatched(city, people) for _ in range(7)]
    past, future = now - timedelta(hours=1), now + timedelta(hours=9)
    for hours, case in enumerate(cases[:2]):
        await shown_at(
            city, case, unassigned_since=past - timedelta(hours=hours), red_at=past, yellow_at=past
        )
    for hours, case in enumerate(cases[2:4]):
        await shown_at(city, case, red_at=past + timedelta(minutes=hours), yellow_at=past)
    for hours, case in enumerate(cases[4:6]):
        await shown_at(city, case, red_at=future, yellow_at=past - timedelta(hours=hours))
    await shown_at(city, cases[6], red_at=future, yellow_at=future)
    expected = [cases[number]["_id"] for number in (1, 0, 2, 3, 5, 4)]
    leader = people["leader-of-shift"]
    everything = await cases_to_watch(city, leader, first=20)
    assert [row["_id"] for row in everything.rows] == expected
    assert [row["watch"] for row in everything.rows] == ["UNASSIGNED"] * 2 + ["RED"] * 2 + ["YELLOW"] * 2
    seen: list[str] = []
    after = None
    while True:
        page = await cases_to_watch(city, leader, first=1, after=after, fields=["number"])
        seen += [row["_id"] for row in page.rows]
        after = page.end_cursor
        if not page.has_next:
            break
    assert seen == expected
    red = await cases_to_watch(city, leader, first=20, watch=Watch.RED)
    assert [row["_id"] for row in red.rows] == expected[2:4]


async def test_only_those_who_watch_see_the_list_and_only_of_their_streets(
    city: City, people: People
) -> None:
    await off_duty(city, "officer-1", "officer-2")
    case = await dispatched(city, people)
    assert [row["_id"] for row in (await cases_to_watch(city, people["leader-1"], first=5)).rows] == [
        case["_id"]
    ]
    elsewhere = Actor("x", people["leader-1"].role, street_codes=frozenset({"far"}))
    assert (await cases_to_watch(city, elsewhere, first=5)).rows == []
    for who in ("officer-1", "inspector-1", "citizen-1", "administrator-1"):
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await cases_to_watch(city, people[who], first=5)
    for after in ("nonsense", "WyJVTkFTU0lHTkVEIiwieCIsInkiLCJ6Il0"):
        with pytest.raises(CityProblem, match="PAGE_INVALID"):
            await cases_to_watch(city, people["leader-1"], first=5, after=after)


async def test_the_list_to_watch_reads_its_indexes(city: City, people: People) -> None:
    await city.database.command("profile", 2)
    both = Actor("x", people["leader-1"].role, street_codes=frozenset({STREET, "370303002"}))
    page = await cases_to_watch(city, both, first=5)
    for to_me in (True, False):
        await supervisions_open(city, both, to_me=to_me, first=5)
    await city.database.command("profile", 0)
    assert page.rows == []
    asked = {"ns": f"{city.database.name}.cases", "op": {"$in": ["query", "command"]}}
    reads = await city.database["system.profile"].find(asked).sort("ts", 1).to_list(None)
    assert len(reads) == 5
    for read, index in zip(reads, ("unassigned_since", "red_at", "yellow_at"), strict=False):
        assert f"watch_{index}" not in read["planSummary"] and f"{index}: 1" in read["planSummary"]
        assert not read.get("hasSortStage")
    for read, index in zip(reads[3:], ("to_person_id", "by"), strict=True):
        assert read["planSummary"].startswith(f"IXSCAN {{ supervisions.{index}: 1")
