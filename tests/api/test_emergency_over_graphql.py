"""Switching to emergency and back over GraphQL, and what people see of it meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.command import Command
from city_core.cases.emergency.end import end_emergency
from city_core.cases.emergency.switch_clock import switch_clock
from city_core.cases.file import file_case
from city_core.cases.triage import triage_report
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from tests.api.support import Api, hear, new_uuid, operation, subscribe
from tests.api.test_subscriptions import is_heard
from tests.audit_entries import verbs_on_record
from tests.village import STREET
from tests.waiting import until

_FAR = "370303002"


@pytest.fixture
async def flood(api: Api) -> AsyncIterator[Api]:
    """The API in a street that is known as a division."""
    city = api.city
    await city.database.divisions.insert_one({
        "_id": STREET, "level": "street", "name_zh": "街道", "parent_code": "370303", "code_is_real": True,
        "centre": {"type": "Point", "coordinates": [118.0, 36.8]},
    })  # fmt: skip
    yield api
    await city.database.divisions.delete_many({})
    await city.database.emergencies.delete_many({})


def order(api: Api, **more: Any) -> dict[str, Any]:
    ends_at = (api.city.clock.now() + timedelta(hours=6)).isoformat()
    return {"clientId": new_uuid(), "profile": "flood", "name": "7·20 防汛", "areaCodes": [STREET],
            "endsAt": ends_at, "authority": "区防指〔2026〕7号", **more}  # fmt: skip


async def filed(api: Api) -> dict[str, Any]:
    """Have an inspector's report come in and file it."""
    case = await api.report("inspector-1")
    wake = Wake("triage", "cases", case["_id"], "triage", api.city.clock.now())
    held = await claim(api.city, wake)
    assert held is not None and await triage_report(api.city, case["_id"], held)
    command = Command(new_uuid(), None, "phone:test")
    return await file_case(api.city, api.people["leader-of-shift"], case["_id"], command)


async def test_a_leader_looks_ahead_switches_on_lets_it_last_and_switches_off(flood: Api) -> None:
    api, case = flood, await filed(flood)
    names = [row["name"] for row in await api.do("leader-1", "seat", "EmergencyProfiles")]
    assert names == ["flood", "snow"]
    ahead = await api.do(
        "leader-1", "seat", "EmergencyPreview", input={"profile": "flood", "areaCodes": [STREET]}
    )
    assert (ahead["caseCount"], ahead["cases"][0]["caseId"]) == (1, case["_id"])
    assert ahead["cases"][0]["emergencyLimit"] == {"value": 2, "unit": "work_hour"}
    assert {row["role"]: row["count"] for row in ahead["told"]}["OFFICER"] == 3
    given = order(api)
    on = await api.do("leader-1", "seat", "StartEmergency", input=given)
    again = await api.do("leader-1", "seat", "StartEmergency", input=given)
    assert (on["__typename"], on["state"], on["stateName"]) == ("Emergency", "ON", "进行中")
    assert (again["id"], on["progress"]) == (on["id"], {"switched": 0, "toSwitch": 1})
    await switch_clock(api.city, case["_id"])
    shown = await api.do("leader-1", "seat", "CaseWithHistory", id=case["_id"])
    assert (shown["emergency"]["id"], shown["emergency"]["name"]) == (on["id"], "7·20 防汛")
    [banner] = (await api.do("officer-1", "officer", "ActiveEmergencies"))["nodes"]
    assert (banner["id"], banner["profile"]["nameZh"]) == (on["id"], "防汛")
    later = (api.city.clock.now() + timedelta(days=2)).isoformat()
    extended = {"clientId": new_uuid(), "emergencyId": on["id"], "endsAt": later, "reason": "雨未停"}
    assert (await api.do("leader-1", "seat", "ExtendEmergency", input=extended))["version"] == 2
    ended = {"clientId": new_uuid(), "emergencyId": on["id"], "reason": "水已退"}
    off = await api.do("leader-1", "seat", "EndEmergency", input=ended)
    assert (off["state"], off["progress"]) == ("ENDED", {"switched": 1, "toSwitch": 1})
    whole = await api.do("acceptor-1", "seat", "Emergency", id=on["id"])
    assert [step["action"] for step in whole["history"]] == ["START", "EXTEND", "END"]
    assert (await api.do("officer-1", "officer", "ActiveEmergencies"))["nodes"] == []
    listed = await api.do("acceptor-1", "seat", "Emergencies", state="ENDED")
    assert [node["id"] for node in listed["nodes"]] == [on["id"]]
    assert await verbs_on_record(api.city, "leader-1") == ["EMERGENCY_CHANGED"] * 3


async def test_a_drill_shows_what_it_would_switch(flood: Api) -> None:
    case = await filed(flood)
    drill = await flood.do("leader-1", "seat", "StartEmergency", input=order(flood, isDrill=True))
    whole = await flood.do("leader-1", "seat", "Emergency", id=drill["id"])
    assert [row["caseId"] for row in whole["wouldSwitch"]["cases"]] == [case["_id"]]
    assert {row["role"] for row in whole["wouldSwitch"]["told"]} == {
        "ACCEPTOR", "DISPATCHER", "LEADER", "SHIFT_LEADER",
    }  # fmt: skip
    assert whole["progress"] == {"switched": 0, "toSwitch": 0}


async def test_a_drill_over_two_streets_shows_everybody_the_cases_of_their_own(flood: Api) -> None:
    near, far = await filed(flood), await filed(flood)
    street = await flood.city.database.divisions.find_one({"_id": STREET})
    await flood.city.database.divisions.insert_one({**(street or {}), "_id": _FAR})
    await flood.city.database.cases.update_one({"_id": far["_id"]}, {"$set": {"place.street_code": _FAR}})
    wide = order(flood, isDrill=True, areaCodes=[STREET, _FAR])
    drill = await flood.do("leader-1", "seat", "StartEmergency", input=wide)
    shown = {"leader-1": [near["_id"], far["_id"]], "acceptor-1": [near["_id"]]}
    for who, case_ids in shown.items():
        would = (await flood.do(who, "seat", "Emergency", id=drill["id"]))["wouldSwitch"]
        assert ([row["caseId"] for row in would["cases"]], would["caseCount"]) == (case_ids, 2)


@pytest.mark.parametrize("who", ["acceptor-1", "officer-1", "citizen-1"])
async def test_others_are_refused(flood: Api, who: str) -> None:
    answer = await flood.do(who, "seat", "StartEmergency", input=order(flood))
    assert (answer["__typename"], answer["code"], answer["allowed"]) == ("Problem", "NOT_ALLOWED", "LEADER")
    assert await flood.city.database.emergencies.count_documents({}) == 0


async def test_an_instant_without_its_offset_is_refused(flood: Api) -> None:
    given = order(flood, endsAt="2026-12-01T00:00:00")
    answer = await flood.do("leader-1", "seat", "StartEmergency", input=given)
    assert (answer["code"], answer["field"]) == ("REQUEST_INVALID", "endsAt")


async def test_sight_ends_with_the_emergency_also_on_an_open_socket(flood: Api) -> None:
    api, case = flood, await filed(flood)
    changed = operation("officer", "CaseChanged")
    assert await api.do("officer-other", "officer", "TaskCase", id=case["_id"]) is None
    on = await api.do("leader-1", "seat", "StartEmergency", input=order(api))

    async def sees() -> bool:
        return await api.do("officer-other", "officer", "TaskCase", id=case["_id"]) is not None

    await until(sees, "the officer seeing the case of the emergency")
    async with api.phone("officer-other") as phone:
        await subscribe(phone, changed, id=case["_id"])
        assert (await hear(phone))["payload"]["data"]["caseChanged"]["id"] == case["_id"]
        await is_heard(api, f"case:{case['_id']}")
        command = Command(new_uuid(), None, "phone:test")
        await end_emergency(api.city, api.people["leader-1"], on["id"], command, reason="水已退")
        assert not await sees()
        assert not await switch_clock(api.city, case["_id"]), "it was never switched"
        await api.city.database.cases.update_one({"_id": case["_id"]}, {"$inc": {"version": 1}})
        api.city.waker.announce(f"case:{case['_id']}", {"version": 99})
        assert (await hear(phone))["type"] == "complete", "no more of this case"
