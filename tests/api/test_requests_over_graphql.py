"""Requests, returns and handling on the spot over the API, each by its operation of the contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.api.support import Api, new_uuid
from tests.api.test_loop_over_graphql import do_all_work
from tests.village import INSIDE

_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}


async def accepted_case(api: Api) -> str:
    """Have a case that officer-1 has at hand."""
    case = await api.report("inspector-1")
    await do_all_work(api)
    case_id: str = case["_id"]
    await done(api, "dispatcher-1", "seat", "DispatchCase", case_id, officerId="officer-1")
    await done(api, "officer-1", "officer", "AcceptTask", case_id)
    return case_id


async def asked(api: Api, who: str, app: str, name: str, case_id: str, **given: Any) -> Any:
    """Send a command about a case and give what it is answered with."""
    return await api.do(who, app, name, input={"clientId": new_uuid(), "caseId": case_id, **given})


async def done(api: Api, who: str, app: str, name: str, case_id: str, **given: Any) -> Any:
    """Send a command that succeeds."""
    case = await asked(api, who, app, name, case_id, **given)
    assert case["__typename"] == "Case", case
    return case


async def test_an_extension_goes_through_the_queues_of_two_posts(api: Api) -> None:
    case_id = await accepted_case(api)
    given = {"clientId": new_uuid(), "caseId": case_id, "value": 2, "unit": "WORK_HOUR", "reason": "连日下雨"}
    case = await api.do("officer-1", "officer", "RequestExtension", input=given)
    assert await api.do("officer-1", "officer", "RequestExtension", input=given) == case
    [request] = case["requests"]
    assert (request["kindName"], request["stateName"], request["nextReviewer"]) == (
        "延期", "待审批", "DISPATCHER",
    )  # fmt: skip
    review = {"requestId": request["id"], "approved": True}
    for who, name in (("dispatcher-1", "officer-1"), ("leader-of-shift", "officer-1")):
        [node] = (await api.do(who, "seat", "RequestsToReview"))["nodes"]
        assert node["case"]["id"] == case_id
        assert (node["request"]["reason"], node["request"]["askedByName"]) == ("连日下雨", name)
        case = await done(api, who, "seat", "DecideExtension", case_id, **review)
        assert (await api.do(who, "seat", "RequestsToReview"))["nodes"] == []
    assert (case["requests"][0]["state"], case["requests"][0]["nextReviewer"]) == ("APPROVED", None)
    seen = await api.do("officer-1", "officer", "CaseRequests", id=case_id)
    assert [row["personName"] for row in seen["requests"][0]["reviews"]] == [
        "dispatcher-1", "leader-of-shift",
    ]  # fmt: skip
    problem = await asked(api, "leader-of-shift", "seat", "DecideExtension", case_id, **review)
    assert (problem["code"], problem["allowed"]) == ("REQUEST_NOT_PENDING", "nothing: it is APPROVED")


async def test_a_refusal_names_what_is_allowed_and_changes_nothing(api: Api) -> None:
    case_id = await accepted_case(api)
    before = await api.city.database.cases.find_one({"_id": case_id})
    given = {"value": 9, "reason": "雨"}
    problem = await asked(api, "officer-1", "officer", "RequestExtension", case_id, **given)
    assert (problem["code"], problem["field"], problem["allowed"]) == (
        "EXTENSION_INVALID", "value", "1 to 4 work_hour",
    )  # fmt: skip
    given = {"until": "2027-01-01T00:00:00", "reason": "等料"}
    problem = await asked(api, "officer-1", "officer", "RequestSuspension", case_id, **given)
    assert (problem["code"], problem["field"]) == ("REQUEST_INVALID", "until")
    assert await api.city.database.cases.find_one({"_id": case_id}) == before


async def test_a_case_is_suspended_resumed_and_closed_by_force(api: Api) -> None:
    case_id = await accepted_case(api)
    until = (api.city.clock.now() + timedelta(days=3)).isoformat()
    case = await done(api, "officer-1", "officer", "RequestSuspension", case_id, until=until, reason="等许可")
    review = {"requestId": case["requests"][0]["id"], "approved": True}
    case = await done(api, "leader-of-shift", "seat", "DecideSuspension", case_id, **review)
    assert case["stateName"] == "挂账"
    seen = await api.do("dispatcher-1", "seat", "CaseRequests", id=case_id)
    assert seen["suspendedUntil"] == until
    case = await done(api, "dispatcher-1", "seat", "ResumeCase", case_id, opinion="许可已到")
    assert case["state"] == "IN_PROGRESS"
    case = await done(api, "leader-of-shift", "seat", "RequestForcedClose", case_id, reason="已拆除")
    review = {"requestId": case["requests"][-1]["id"], "approved": True}
    assert (await asked(api, "leader-of-shift", "seat", "DecideForcedClose", case_id, **review))["code"] == (
        "NOT_ALLOWED"
    )
    case = await done(api, "leader-1", "seat", "DecideForcedClose", case_id, **review)
    assert case["state"] == "CLOSED"
    case = await done(api, "officer-2", "officer", "AppealCase", case_id, reason="非本单位原因")
    review = {"requestId": case["requests"][-1]["id"], "approved": True}
    await done(api, "leader-of-shift", "seat", "DecideAppeal", case_id, **review)
    case = await done(api, "leader-1", "seat", "DecideAppeal", case_id, **review)
    assert (case["state"], case["isExemptFromFigures"]) == ("CLOSED", True)


async def test_a_voiding_is_withdrawn_refused_and_granted(api: Api) -> None:
    case_id = await accepted_case(api)
    case = await done(api, "acceptor-1", "seat", "RequestVoid", case_id, reason="重复")
    mine = {"requestId": case["requests"][0]["id"]}
    case = await done(api, "acceptor-1", "seat", "WithdrawRequest", case_id, **mine)
    assert case["requests"][0]["stateName"] == "已撤回"
    for approved, state in ((False, "IN_PROGRESS"), (True, "VOID")):
        case = await done(api, "dispatcher-1", "seat", "RequestVoid", case_id, reason="重复")
        review = {"requestId": case["requests"][-1]["id"], "approved": approved, "opinion": "看过"}
        case = await done(api, "leader-of-shift", "seat", "DecideVoid", case_id, **review)
        assert case["state"] == state
    case_id = await accepted_case(api)
    case = await done(api, "officer-1", "officer", "RequestExtension", case_id, value=1, reason="雨")
    mine = {"requestId": case["requests"][0]["id"]}
    case = await done(api, "officer-1", "officer", "WithdrawRequest", case_id, **mine)
    assert case["requests"][0]["state"] == "WITHDRAWN"


async def test_a_citizen_sees_no_request_and_no_step_of_one(api: Api) -> None:
    case_id = await accepted_case(api)
    await api.city.database.cases.update_one(
        {"_id": case_id},
        {"$set": {"source": "CITIZEN", "reporter_id": "citizen-1", "people_involved": ["citizen-1"]}},
    )
    case = await done(api, "dispatcher-1", "seat", "RequestVoid", case_id, reason="内部理由")
    review = {"requestId": case["requests"][0]["id"], "approved": False, "opinion": "内部意见"}
    await done(api, "leader-of-shift", "seat", "DecideVoid", case_id, **review)
    query = """query($id: ID!) { case(id: $id) {
      requests { reason reviews { personName } } history { action opinion } } }"""
    seen = (await api.ask(query, {"id": case_id}, "citizen-1"))["data"]["case"]
    assert seen["requests"] == []
    assert {row["action"] for row in seen["history"]}.isdisjoint({"REQUEST_VOID", "DECIDE_VOID"})
    listed = await api.ask("{ requestsToReview { nodes { request { id } } } }", None, "citizen-1")
    assert listed["data"]["requestsToReview"]["nodes"] == []


async def test_handled_on_the_spot_and_closed(api: Api) -> None:
    given = {
        "clientId": new_uuid(), "point": _POINT, "description": "小广告", "typeCode": "E0110",
        "mediaIds": [new_uuid()], "handledMediaIds": [new_uuid()],
    }  # fmt: skip
    case = await api.do("inspector-1", "inspector", "SubmitHandledReport", input=given)
    assert (case["state"], [photo["use"] for photo in case["photos"]]) == (
        "PENDING_SPOT_REVIEW", ["REPORT", "HANDLE"],
    )  # fmt: skip
    again = await api.do("inspector-1", "inspector", "SubmitHandledReport", input=given)
    assert again["id"] == case["id"]
    closed = await done(api, "acceptor-1", "seat", "ReviewSpot", case["id"], approved=True)
    assert (closed["state"], closed["isHandledOnSpot"], closed["version"]) == ("CLOSED", True, 2)
    problem = await api.do(
        "inspector-1", "inspector", "SubmitHandledReport",
        input={**given, "clientId": new_uuid(), "handledMediaIds": []},
    )  # fmt: skip
    assert (problem["code"], problem["field"]) == ("PHOTO_REQUIRED", "handledMediaIds")


async def test_a_returned_case_is_filed_anew_under_its_number(api: Api) -> None:
    case_id = await accepted_case(api)
    number = (await done(api, "officer-1", "officer", "ReturnTask", case_id, opinion="类别有误"))["number"]
    case = await done(api, "dispatcher-1", "seat", "ReturnToAcceptor", case_id, opinion="请重新立案")
    assert (case["state"], case["number"]) == ("PENDING_FILING", number)
    given = {"typeCode": "E0112", "conditionId": "E0112-1"}
    case = await done(api, "acceptor-1", "seat", "FileCase", case_id, **given)
    assert case["number"] == number
