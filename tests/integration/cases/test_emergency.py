"""Normal to emergency and back on a real mongod: clocks, routes, photos, sight, drills."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.command import Command
from city_core.cases.emergency.end import end_emergency
from city_core.cases.emergency.extend import extend_emergency
from city_core.cases.emergency.model import Emergency
from city_core.cases.emergency.preview import preview_emergency
from city_core.cases.emergency.queries import find_emergency, page_of_emergencies, progress_of
from city_core.cases.emergency.watch import EmergencyWatch
from city_core.cases.queries import CaseFilter, find_case, page_of_cases
from city_core.people.roles import Role
from tests.integration.cases.emergencies import (
    COMMUNITY,
    Town,
    command,
    switches,
)
from tests.refusals import refused
from tests.village import STREET


async def test_running_cases_of_the_area_get_the_clock_of_the_emergency_once(town: Town) -> None:
    flooded, parked = await town.report(), await town.report(type_code="E0409", condition_id=None)
    town.clock.turn(hours=1)
    emergency = await town.start()
    case = await town.case(flooded)
    assert switches(case) == [emergency["_id"]]
    assert case["emergency_id"] == emergency["_id"]
    assert (case["limit_value"], case["limit_unit"]) == (30, "urgent_minute")
    row = case["history"][-1]
    assert row["facts"]["limit"] == {"value": 30, "unit": "urgent_minute", "season": None}
    assert (row["role"], row["reasons"][0]["name"]) == ("SYSTEM", "7·20 防汛")
    # An hour of four was spent: three quarters of thirty minutes are left.
    assert abs(case["deadline_at"] - row["at"] - timedelta(minutes=22, seconds=30)) <= timedelta(seconds=1)
    assert await town.case(parked) == parked, "a type that the flood does not concern"
    assert await town.told("LIMIT_CHANGED") == [case["task"]["assignee_id"]]
    progress = await progress_of(town.city, await town.emergency(emergency))
    assert (progress.switched, progress.to_switch) == (1, 0)
    town.clock.turn(minutes=1)
    await town.work()
    assert switches(await town.case(flooded)) == [emergency["_id"]], "looked at again, switched once"


async def test_a_case_filed_meanwhile_has_the_limit_and_the_route_of_the_emergency(town: Town) -> None:
    emergency = await town.start(area_codes=[COMMUNITY])
    case = await town.report(media_ids=["a" * 32, "b" * 32])
    assert case["state"] == "DISPATCHED" and switches(case) == []
    assert (case["emergency_id"], case["limit_value"]) == (emergency["_id"], 30)
    filing, dispatch = case["history"][-2:]
    assert filing["facts"]["normal_limit"]["unit"] == "work_hour"
    assert [reason["why"] for reason in filing["reasons"]] == ["EMERGENCY"]
    assert dispatch["reasons"][0]["why"] == "EMERGENCY"
    assert (case["department_id"], case["task"]["assignee_id"]) == ("water", "officer-other")


@pytest.mark.parametrize("by_hand", [True, False])
async def test_afterwards_what_is_left_follows_the_normal_rule(town: Town, by_hand: bool) -> None:
    before = await town.report()
    emergency = await town.start()
    meanwhile = await town.report(media_ids=["a" * 32, "b" * 32])
    if by_hand:
        town.clock.turn(minutes=6)
        await end_emergency(town.city, town.leader, emergency["_id"], command(), reason="水已退")
    else:
        town.clock.turn(hours=6)
    await town.work()
    over = await town.emergency(emergency)
    assert (over["state"], over["ended_by"]) == ("ENDED", "leader-1" if by_hand else "system")
    if not by_hand:
        assert over["ended_at"] == emergency["ends_at"]
    for case, way in ((before, [emergency["_id"], None]), (meanwhile, [None])):
        now = await town.case(case)
        assert (switches(now), now["emergency_id"]) == (way, None)
        assert (now["limit_value"], now["limit_unit"]) == (4, "work_hour")
        assert now["history"][-1]["reasons"][0]["why"] == "EMERGENCY_OVER"
        assert now["clocks"]["case"]["limit"]["unit"] == "work_hour"
    if by_hand:  # six of thirty minutes are a fifth: four fifths of four hours are left
        left = timedelta(hours=3, minutes=12)
        assert abs((await town.case(meanwhile))["clocks"]["case"]["used_s"] - 48 * 60) <= 2
        assert left  # the due date lies in the afternoon, past the noon break
    town.clock.turn(minutes=11)
    await town.work()
    town.clock.turn(minutes=1)
    await town.work()
    assert (await town.emergency(emergency))["work"] == [], "nothing is left to look at"
    told = [
        "acceptor-1", "dispatcher-1", "inspector-1", "inspector-2", "leader-1", "leader-of-shift",
        "leader-of-street",
    ]  # fmt: skip
    assert await town.told("EMERGENCY_ENDED") == sorted([*told, "officer-1", "officer-2", "officer-other"])


async def test_a_planned_emergency_begins_at_its_time(town: Town) -> None:
    case = await town.report()
    at = town.clock.now() + timedelta(hours=2)
    planned = await town.start(starts_at=at)
    assert planned["state"] == "PLANNED" and switches(await town.case(case)) == []
    assert await town.told("EMERGENCY_STARTED") == []
    town.clock.turn(hours=2)
    await town.work()
    assert (await town.emergency(planned))["state"] == "ON"
    assert switches(await town.case(case)) == [planned["_id"]]
    assert len(await town.told("EMERGENCY_STARTED")) == 10


async def test_a_planned_emergency_that_is_called_off_is_nobodys_news(town: Town) -> None:
    planned = await town.start(starts_at=town.clock.now() + timedelta(hours=2))
    await end_emergency(town.city, town.leader, planned["_id"], command(), reason="预警解除")
    town.clock.turn(hours=3)
    await town.work()
    messages = await town.city.database.inbox_messages.count_documents({"case_id": planned["_id"]})
    assert (await town.emergency(planned))["state"] == "ENDED" and messages == 0


async def test_an_extension_lets_it_last(town: Town) -> None:
    case = await town.report()
    emergency = await town.start()
    later = emergency["ends_at"] + timedelta(hours=6)
    once = command()
    for _ in range(2):
        await extend_emergency(town.city, town.leader, emergency["_id"], once, ends_at=later, reason="雨未停")
    town.clock.turn(hours=7)
    await town.work()
    stored = await town.emergency(emergency)
    assert (stored["state"], stored["ends_at"], stored["version"]) == ("ON", later, 2)
    assert switches(await town.case(case)) == [emergency["_id"]]
    town.clock.turn(hours=5)
    await town.work()
    assert switches(await town.case(case)) == [emergency["_id"], None]
    doing = extend_emergency(
        town.city, town.leader, emergency["_id"], command(), ends_at=later + timedelta(1), reason="x"
    )
    await refused("EMERGENCY_OVER", doing)


async def test_inspectors_bring_photos_and_citizens_are_never_refused(town: Town) -> None:
    made_before = town.clock.now()
    town.clock.turn(minutes=5)
    await town.start()
    problem = await refused("PHOTO_REQUIRED", town.report(media_ids=["a" * 32]))
    assert problem.allowed == "at least 2"
    assert await town.city.database.cases.count_documents({}) == 0
    await town.report("citizen-1")
    await town.report(type_code="E0409", condition_id=None)
    from city_core.cases.submit import submit_report
    from tests.integration.cases.emergencies import DRAFT

    late = Command(command().client_id, made_before, "phone:test")
    await submit_report(town.city, town.people["inspector-1"], late, DRAFT)
    assert await town.city.database.cases.count_documents({}) == 3


async def test_sight_widens_with_the_emergency_and_narrows_at_once(town: Town) -> None:
    case = await town.report()
    stranger = town.people["officer-other"]
    emergency = await town.start()
    seeing = await EmergencyWatch(town.city).widened(stranger)
    assert seeing.emergency_areas == {STREET}
    assert await find_case(town.city, stranger, case["_id"]) is None
    assert await find_case(town.city, seeing, case["_id"]) is not None
    page = await page_of_cases(town.city, seeing, CaseFilter(), first=10)
    assert [row["_id"] for row in page.rows] == [case["_id"]]
    await refused("NOT_ALLOWED", accept_task(town.city, seeing, case["_id"], command()))
    watch = EmergencyWatch(town.city)
    for name in ("inspector-far", "citizen-2", "acceptor-1", "administrator-1"):
        actor = town.people[name]
        assert await watch.widened(actor) == actor
    assert (await watch.widened(stranger)).emergency_areas
    await end_emergency(town.city, town.leader, emergency["_id"], command(), reason="水已退")
    assert await watch.widened(stranger) == stranger


async def test_a_drill_shows_everything_and_changes_nothing(town: Town) -> None:
    case = await town.report()
    drill = await town.start(is_drill=True)
    stranger = town.people["officer-other"]
    assert await EmergencyWatch(town.city).widened(stranger) == stranger
    filed = await town.report()
    assert (await town.case(case), filed["emergency_id"], filed["department_id"]) == (
        case, None, "sanitation",
    )  # fmt: skip
    desks = ["acceptor-1", "dispatcher-1", "leader-1", "leader-of-shift", "leader-of-street"]
    assert await town.told("DRILL_STARTED") == desks
    assert await town.told("EMERGENCY_STARTED") == []
    preview = await preview_emergency(town.city, town.leader, profile="flood", area_codes=[STREET])
    assert (preview.case_count, [row.case_id for row in preview.cases]) == (2, [case["_id"], filed["_id"]])
    assert (preview.cases[0].normal.unit, preview.cases[0].emergency.value) == ("work_hour", 30)
    assert preview.told[Role.OFFICER] == 3 and Role.CITIZEN not in preview.told
    real = await town.start()  # a drill stands in no emergency's way
    assert switches(await town.case(case)) == [real["_id"]]
    town.clock.turn(hours=7)
    await town.work()
    assert (await town.emergency(drill))["state"] == "ENDED"
    assert await town.told("DRILL_ENDED") == desks


async def test_each_reads_the_emergencies_that_concern_them(town: Town) -> None:
    on = await town.start()
    drill = await town.start(is_drill=True)

    async def read(name: str) -> list[str]:
        page = await page_of_emergencies(town.city, town.people[name], state=None, first=10)
        return [row["_id"] for row in page.rows]

    assert await read("leader-1") == await read("acceptor-1") == [drill["_id"], on["_id"]]
    assert await read("officer-1") == await read("inspector-1") == [on["_id"]]
    assert await read("inspector-far") == await read("citizen-1") == []
    assert await find_emergency(town.city, town.people["officer-1"], drill["_id"]) is None
    assert await find_emergency(town.city, town.people["leader-1"], drill["_id"]) is not None
    await end_emergency(town.city, town.leader, on["_id"], command(), reason="水已退")
    assert await read("officer-1") == []


async def test_what_is_stored_has_the_shape_that_the_model_says(town: Town) -> None:
    emergency = await town.emergency(await town.start())
    Emergency.model_validate(emergency)
    names = {"_id" if name == "id" else name for name in Emergency.model_fields} - {"revision_id"}
    assert set(emergency) == names
