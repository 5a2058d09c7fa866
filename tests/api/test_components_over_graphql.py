"""Components and censuses over the real API, by the operations of the contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city_core.catalogue.queries import today
from tests.api.support import Api, new_uuid
from tests.village import COMMUNITY, INSIDE, RESPONSIBILITY, STREET

POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 5.0}


async def added(api: Api, **more: Any) -> dict[str, Any]:
    given = {
        "clientId": new_uuid(), "typeCode": "C0102", "point": POINT, "mediaIds": [new_uuid()], **more,
    }  # fmt: skip
    row: dict[str, Any] = await api.do("inspector-1", "inspector", "AddComponent", input=given)
    return row


async def test_an_inspector_looks_after_a_component(api: Api) -> None:
    row = await added(api, ownerDepartmentId="water")
    assert (row["__typename"], row["componentCode"], row["stateName"]) == (
        "Component",
        "3703030102000001",
        "完好",
    )
    assert (row["ownerIsKnown"], row["streetCode"], row["version"]) == (True, STREET, 1)
    near = await added(api)
    assert (near["code"], near["field"]) == ("COMPONENT_NEAR", "point") and row["componentCode"] in near[
        "allowed"
    ]
    about = {"componentCode": row["componentCode"]}
    given = {**about, "clientId": new_uuid(), "state": "DAMAGED", "note": "盖板裂"}
    checked = await api.do("inspector-1", "inspector", "CheckComponent", input=given)
    assert (checked["state"], checked["version"]) == ("DAMAGED", 2) and checked["checkedAt"]
    assert await api.do("inspector-1", "inspector", "CheckComponent", input=given) == checked
    there = {**POINT, "lat": INSIDE[1] + 0.001}
    given = {**about, "clientId": new_uuid(), "point": there, "baseVersion": 2}
    moved = await api.do("inspector-1", "inspector", "MoveComponent", input=given)
    assert moved["lat"] == pytest.approx(there["lat"])
    given = {**about, "clientId": new_uuid(), "state": "IN_USE", "ownerIsKnown": False}
    changed = await api.do("administrator-1", "administrator", "ChangeComponent", input=given)
    assert changed["ownerIsKnown"] is False
    page = await api.do("acceptor-1", "seat", "ComponentsWithoutOwner", streetCode=STREET)
    assert [one["code"] for one in page["nodes"]] == [row["componentCode"]] and page["nodes"][0][
        "ownerUnknownSince"
    ]
    given = {**about, "clientId": new_uuid(), "departmentId": "water", "note": "现场确认"}
    settled = await api.do("leader-1", "seat", "SettleOwner", input=given)
    assert settled["ownerDepartment"]["id"] == "water" and settled["ownerIsKnown"]
    given = {**about, "clientId": new_uuid(), "state": "REMOVED", "reason": "拆除", "baseVersion": 1}
    late = await api.do("inspector-1", "inspector", "RetireComponent", input=given)
    assert late["code"] == "COMMAND_CONFLICT" and "state" in late["allowed"]
    given = {**given, "clientId": new_uuid(), "baseVersion": 5}
    assert (await api.do("inspector-1", "inspector", "RetireComponent", input=given))["state"] == "REMOVED"
    assert await api.do("officer-1", "officer", "ComponentOnRecord", code=row["componentCode"]) is None
    imported = {"seq": 7, "kind": "IMPORTED", "at": api.city.clock.now(), "person_id": "operator",
                "import_id": "i", "before": {}, "after": {}}  # fmt: skip
    await api.city.database.components.update_one({}, {"$push": {"history": imported}})
    record = await api.do("officer-other", "officer", "ComponentOnRecord", code=row["componentCode"])
    assert (record["changes"][-1]["kind"], record["changes"].pop()["note"]) == ("IMPORTED", "")
    kinds = [change["kind"] for change in record["changes"]]
    assert kinds == ["ADDED", "CHECKED", "MOVED", "CHANGED", "CHANGED", "RETIRED"]
    assert record["changes"][1] | {"at": None} == {
        "seq": 2, "kind": "CHECKED", "kindName": "核查", "at": None, "personName": "inspector-1",
        "changed": ["state"], "note": "盖板裂", "mediaIds": [],
        "campaignId": None,
    }  # fmt: skip


async def test_citizens_are_told_what_stands_here_and_no_more(api: Api) -> None:
    code = (await added(api))["componentCode"]
    given = {
        "clientId": new_uuid(), "point": POINT, "typeCode": "C0102", "description": "井盖响",
        "componentCode": code,
    }  # fmt: skip
    case = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    [here] = await api.do("citizen-1", "citizen", "ComponentsHere", point=POINT)
    assert here == {"code": code, "typeCode": "C0102", "nameZh": "类别C0102", "distanceM": 0.0}
    full = (await api.ask(
        "query($p: PointInput!) { componentsHere(point: $p) {"
        " component { version } pastCaseCount pastCases { id } } }",
        {"p": POINT}, "citizen-1",
    ))["data"]["componentsHere"]  # fmt: skip
    assert full == [{"component": None, "pastCaseCount": None, "pastCases": []}]
    refused = await api.ask(f'{{ component(code: "{code}") {{ component {{ code }} }} }}', None, "citizen-1")
    assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    mine = await api.do("citizen-1", "citizen", "CaseComponent", id=case["id"])
    assert mine["component"] == {
        "code": code, "isKnown": True, "typeCode": "C0102", "nameZh": "类别C0102", "distanceM": 0.0,
        "isFar": False,
    }  # fmt: skip
    [here] = await api.do("inspector-1", "inspector", "ComponentsHere", point=POINT)
    assert here["pastCaseCount"] == 1 and here["pastCases"][0]["id"] == case["id"]
    assert here["component"]["ownerIsKnown"] is False


async def test_a_component_is_read_in_full_by_those_it_concerns(api: Api) -> None:
    code = (await added(api, keeperDepartmentId="water"))["componentCode"]
    for who, app, reads in (
        ("inspector-1", "inspector", True), ("inspector-far", "inspector", False),
        ("officer-other", "officer", True), ("officer-1", "officer", False), ("acceptor-1", "seat", True),
    ):  # fmt: skip
        [here] = await api.do(who, app, "ComponentsHere", point=POINT)
        assert (here["code"], here["state"], here["component"] is not None) == (code, "IN_USE", reads), who
        record = await api.do(who, app, "ComponentOnRecord", code=code) if app != "seat" else here
        assert (record is not None) is reads, who
        [near] = (await api.ask(
            "query($p: PointInput!) { nearbyComponents(point: $p) { ownerIsKnown keeper { id } } }",
            {"p": POINT}, who,
        ))["data"]["nearbyComponents"]  # fmt: skip
        assert near == {"ownerIsKnown": False, "keeper": {"id": "water"} if reads else None}, who
        looked = (await api.ask('{ places(registry: "components") { nodes { id } } }', None, who))["data"]
        assert bool(looked["places"]["nodes"]) is reads, who
    given = {"clientId": new_uuid(), "point": POINT, "typeCode": "C0102", "componentCode": code}
    case = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    await api.city.database.cases.update_one({"_id": case["id"]}, {"$set": {"department_id": "sanitation"}})
    assert await api.do("officer-1", "officer", "ComponentOnRecord", code=code)


async def test_a_census_at_the_end_of_time_is_refused(api: Api) -> None:
    given = {
        "clientId": new_uuid(), "name": "井盖普查", "goal": "CHECK_ALL", "typeCodes": ["C0102"],
        "areaCodes": [COMMUNITY], "fromDay": "9999-12-31", "toDay": "9999-12-31",
    }  # fmt: skip
    refused = await api.do("leader-1", "seat", "PlanCampaign", input=given)
    assert (refused["code"], refused["field"]) == ("CAMPAIGN_INVALID", "fromDay")


async def test_a_report_with_any_code_is_taken(api: Api) -> None:
    for code, known in (("灯杆-7", False), ("3703030102000001", False), (None, None)):
        given = {"clientId": new_uuid(), "point": POINT, "typeCode": "C0102", "componentCode": code}
        case = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
        seen = (await api.do("acceptor-1", "seat", "CaseComponent", id=case["id"]))["component"]
        assert (seen and seen["isKnown"]) == known
        assert seen is None or (seen["distanceM"], seen["component"], seen["filesAs"]) == (None, None, None)


async def test_a_census_from_its_plan_to_its_end(api: Api) -> None:
    code = (await added(api))["componentCode"]
    day = today(api.city)
    given = {
        "clientId": new_uuid(), "name": "井盖普查", "goal": "CHECK_ALL", "typeCodes": ["C0102"],
        "areaCodes": [COMMUNITY], "fromDay": day.isoformat(), "toDay": (day + timedelta(days=6)).isoformat(),
    }  # fmt: skip
    campaign = await api.do("leader-1", "seat", "PlanCampaign", input=given)
    assert (campaign["__typename"], campaign["state"], campaign["streetCodes"]) == (
        "Campaign",
        "RUNNING",
        [STREET],
    )
    task = {"campaignId": campaign["id"], "gridId": RESPONSIBILITY}
    [mine] = await api.do("inspector-1", "inspector", "MyCensusTasks")
    assert (mine["gridId"], mine["assigneeId"], mine["coverage"]["left"]) == (RESPONSIBILITY, None, 1)
    taken = {**task, "clientId": new_uuid()}
    mine = await api.do("inspector-1", "inspector", "AssignCensusTask", input=taken)
    assert mine["assigneeName"] == "inspector-1"
    other = await api.do(
        "inspector-2", "inspector", "AssignCensusTask", input={**task, "clientId": new_uuid()}
    )
    assert other["code"] == "CENSUS_TASK_TAKEN"
    finish = {**task, "clientId": new_uuid()}
    early = await api.do("inspector-1", "inspector", "FinishCensusTask", input=finish)
    assert early["code"] == "CENSUS_NOT_DONE"
    check = {"componentCode": code, "clientId": new_uuid(), "state": "IN_USE"}
    await api.do("inspector-1", "inspector", "CheckComponent", input=check)
    finish = {**task, "clientId": new_uuid(), "note": "已核完"}
    done = await api.do("inspector-1", "inspector", "FinishCensusTask", input=finish)
    assert done["isDone"] and done["doneAt"] and done["coverage"]["checked"] == 1
    seen = await api.do("leader-1", "seat", "Campaign", id=campaign["id"])
    assert seen["campaign"]["name"] == "井盖普查"
    assert [(row["isDone"], row["isBehind"]) for row in seen["grids"]] == [(True, False)]
    page = await api.do("inspector-1", "inspector", "CampaignCoverage", id=campaign["id"], first=500)
    assert [(row["coverage"]["known"], row["isDone"]) for row in page["nodes"]] == [(1, True)]
    end = {"clientId": new_uuid(), "campaignId": campaign["id"]}
    assert (await api.do("leader-1", "seat", "EndCampaign", input=end))["state"] == "ENDED"
    page = await api.do("administrator-1", "administrator", "Campaigns", first=5)
    assert [row["id"] for row in page["nodes"]] == [campaign["id"]]
    assert await api.do("inspector-1", "inspector", "MyCensusTasks") == []


async def test_an_offline_phone_learns_the_code_of_what_it_added(api: Api) -> None:
    given = {"clientId": new_uuid(), "typeCode": "C0102", "point": POINT, "mediaIds": [new_uuid()]}
    check = {"componentCode": "3703030102000001", "clientId": new_uuid(), "state": "DAMAGED"}
    queued = [
        {"clientId": one["clientId"], "deviceSequence": number, "do": {name: one}}
        for number, (name, one) in enumerate((("addComponent", given), ("checkComponent", check)), start=1)
    ]
    query = (
        "mutation($i: RunCommandsInput!) { runCommands(input: $i) { ... on CommandOutcomes {"
        " outcomes { status componentCode } } } }"
    )
    batch = {"deviceId": "a-phone-of-tests", "commands": queued}
    answer = await api.ask(query, {"i": batch}, "inspector-1")
    assert answer["data"]["runCommands"]["outcomes"] == [
        {"status": "APPLIED", "componentCode": "3703030102000001"},
        {"status": "APPLIED", "componentCode": "3703030102000001"},
    ]
    assert (await api.city.database.components.find_one({}))["state"] == "DAMAGED"
