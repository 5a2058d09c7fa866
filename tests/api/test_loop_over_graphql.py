"""The loop over the API: each command by its operation of the contract, jobs done in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from city_core.kit.perform import perform
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_workers.jobs import handlers_with
from tests.api.support import Api, new_uuid, photo_bytes
from tests.village import INSIDE

_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}


async def do_all_work(api: Api) -> None:
    """Do what waits, as the workers would, until nothing is due."""
    handlers = handlers_with(LogPushGateway())
    hurried = replace(api.city, settings=api.city.settings.model_copy(update={"work_sweep_seconds": 0.0001}))
    for _ in range(50):
        wakes = [
            wake
            for collection in ("cases", "photos", "inbox_messages")
            for wake in await overdue(hurried, collection, handlers, 100)
        ]
        if not [await perform(hurried, handlers, wake) for wake in wakes]:
            return


async def upload(api: Api, who: str, colour: str) -> str:
    """Send a photo as somebody."""
    media_id = new_uuid()
    content = photo_bytes(colour)
    answer = await api.http.put(f"/media/{media_id}", content=content, headers=await api.headers(who))
    assert answer.status_code == 201
    return media_id


async def step(api: Api, who: str, app: str, name: str, case_id: str, **given: Any) -> Any:
    """Take a step on a case and have the work that follows done."""
    case = await api.do(who, app, name, input={"clientId": new_uuid(), "caseId": case_id, **given})
    assert case["__typename"] == "Case", case
    await do_all_work(api)
    return case


async def walk_to_checked(api: Api) -> str:
    """Walk a citizen's report with a photo until it waits to be closed."""
    before = await upload(api, "citizen-1", "red")
    given = {
        "clientId": new_uuid(), "deviceTime": "2026-11-20T08:00:00+08:00", "point": _POINT,
        "description": "墙边有垃圾", "address": "柳泉路", "typeCode": "E0110", "mediaIds": [before],
    }  # fmt: skip
    reported = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    assert reported["state"] == "REPORTED"
    again = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    assert again["id"] == reported["id"]
    case_id: str = reported["id"]
    await api.city.database.cases.update_one(
        {"_id": case_id},
        {"$set": {"work.$[triage].due_at": api.city.clock.now()}},
        array_filters=[{"triage.kind": "triage"}],
    )
    await do_all_work(api)
    [task] = [
        (who, node)
        for who in ("inspector-1", "inspector-2")
        for node in (await api.do(who, "inspector", "MyTasks"))["nodes"]
    ]
    inspector = task[0]
    assert task[1]["task"]["kind"] == "VERIFY"
    await step(
        api, inspector, "inspector", "VerifyReport", case_id,
        finding="EXISTS", typeCode="E0110", conditionId="E0110-1",
    )  # fmt: skip
    [(officer, node)] = [
        (who, node)
        for who in ("officer-1", "officer-2")
        for node in (await api.do(who, "officer", "MyTasks"))["nodes"]
    ]
    assert (node["state"], node["type"]["nameEn"]) == ("DISPATCHED", "type E0110")
    await step(api, officer, "officer", "AcceptTask", case_id)
    after = await upload(api, officer, "green")
    await step(api, officer, "officer", "ReportHandled", case_id, opinion="已清理", mediaIds=[after])
    checker = (await api.city.database.cases.find_one({"_id": case_id}))["task"]["assignee_id"]
    await step(api, checker, "inspector", "CheckCase", case_id, passed=True)
    return case_id


async def test_a_report_walks_the_whole_loop_and_each_viewer_reads_the_names_that_are_theirs_to_read(
    api: Api,
) -> None:
    case_id = await walk_to_checked(api)
    closed = await step(api, "leader-of-shift", "seat", "CloseCase", case_id)
    assert closed["state"] == "CLOSED"
    rated = await step(api, "citizen-1", "citizen", "RateCase", case_id, stars=5, comment="谢谢")
    assert rated["rating"]["stars"] == 5

    seen = await api.do("citizen-1", "citizen", "CaseWithHistory", id=case_id)
    names = {row["action"]: row["personName"] for row in seen["history"]}
    assert names["SUBMIT"] == "citizen-1"
    assert {names[action] for action in ("VERIFY", "ACCEPT", "REPORT_HANDLED", "CLOSE")} == {None}
    assert seen["holderName"] == "sanitation"
    assert [photo["use"] for photo in seen["photos"]] == ["REPORT", "HANDLE"]

    handler = (await api.city.database.cases.find_one({"_id": case_id}))["handler_id"]
    seen = await api.do(handler, "officer", "TaskCase", id=case_id)
    names = {row["action"]: row["personName"] for row in seen["history"]}
    assert names["SUBMIT"] is None
    assert names["ACCEPT"] == handler
    assert names["VERIFY"].startswith("inspector-")

    seen = await api.do("leader-of-shift", "seat", "CaseWithHistory", id=case_id)
    assert {row["personName"] for row in seen["history"]} >= {"citizen-1", handler, "leader-of-shift"}
    dispatched = next(row for row in seen["history"] if row["action"] == "DISPATCH")
    assert dispatched["receiverName"] == handler
    assert seen["history"][0]["deviceTime"] == "2026-11-20T00:00:00+00:00"


async def test_a_refused_step_is_a_problem_and_changes_nothing(api: Api) -> None:
    case = await api.report()
    given = {"clientId": new_uuid(), "caseId": case["_id"], "opinion": "看过"}
    problem = await api.do("leader-of-shift", "seat", "CloseCase", input=given)
    assert (problem["__typename"], problem["code"]) == ("Problem", "STEP_NOT_POSSIBLE")
    assert await api.city.database.cases.find_one({"_id": case["_id"]}) == case


async def test_the_same_client_id_with_another_input_is_a_conflict(api: Api) -> None:
    given = {"clientId": new_uuid(), "point": _POINT, "description": "一"}
    await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    problem = await api.do("citizen-1", "citizen", "SubmitReport", input={**given, "description": "二"})
    assert problem["code"] == "COMMAND_REUSED"
    assert await api.city.database.cases.count_documents({}) == 1


async def test_a_client_id_that_is_no_uuid_and_a_device_time_without_offset_are_refused(api: Api) -> None:
    given = {"clientId": "17", "point": _POINT}
    assert (await api.do("citizen-1", "citizen", "SubmitReport", input=given))["code"] == "CLIENT_ID_INVALID"
    given = {"clientId": new_uuid(), "point": _POINT, "deviceTime": "2026-11-20T08:00:00"}
    problem = await api.do("citizen-1", "citizen", "SubmitReport", input=given)
    assert (problem["code"], problem["field"]) == ("REQUEST_INVALID", "deviceTime")


async def test_the_app_is_kept_as_the_origin_of_a_step(api: Api) -> None:
    headers = {**await api.headers("citizen-1"), "x-yiwang-app": "citizen"}
    query = "mutation($i: SubmitReportInput!) { submitReport(input: $i) { ... on Case { id } } }"
    given = {"i": {"clientId": new_uuid(), "point": _POINT}}
    await api.ask(query, given, **headers)
    [case] = await api.city.database.cases.find({}).to_list(2)
    assert case["history"][0]["origin"] == "phone:citizen"
