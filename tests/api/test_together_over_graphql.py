"""Assistants, a leader's decision, parts and levels over HTTP, as each app sees them."""

from __future__ import annotations

from typing import Any

from city_core.cases.command import Command
from city_core.cases.file import file_case
from tests.api.support import Api, new_uuid
from tests.api.test_loop_over_graphql import do_all_work, step, upload


async def problem(api: Api, who: str, app: str, name: str, case_id: str, **given: Any) -> dict[str, Any]:
    """Take a step that is refused; the case stays as it was."""
    before = await api.city.database.cases.find_one({"_id": case_id})
    answer = await api.do(who, app, name, input={"clientId": new_uuid(), "caseId": case_id, **given})
    assert answer["__typename"] == "Problem", answer
    assert await api.city.database.cases.find_one({"_id": case_id}) == before
    found: dict[str, Any] = answer
    return found


async def dispatched(api: Api) -> tuple[str, str]:
    """Have an inspector's report dispatched; answers the case and its officer."""
    case = await api.report("inspector-1")
    await do_all_work(api)
    stored = await api.city.database.cases.find_one({"_id": case["_id"]})
    return case["_id"], stored["task"]["assignee_id"]


async def test_an_assistant_is_asked_answers_and_is_shown(api: Api) -> None:
    case_id, _ = await dispatched(api)
    asks = [{"departmentId": "water", "asked": "关闭水阀"}]
    asked = await step(api, "dispatcher-1", "seat", "AddAssistants", case_id, assistants=asks)
    assert asked["assistants"][0]["assigneeName"] == "officer-other"
    [task] = (await api.do("officer-other", "officer", "MyTasks"))["nodes"]
    assert task["id"] == case_id
    media_id = await upload(api, "officer-other", "blue")
    given = {"opinion": "水阀已关", "mediaIds": [media_id]}
    await step(api, "officer-other", "officer", "AnswerAsAssistant", case_id, **given)
    shown = await api.do("officer-other", "officer", "CaseTogether", id=case_id)
    [assistant] = shown["assistants"]
    assert (assistant["department"]["id"], assistant["answer"]) == ("water", "水阀已关")
    again = await problem(api, "officer-other", "officer", "AnswerAsAssistant", case_id, **given)
    assert again["code"] == "ALREADY_ANSWERED"


async def test_wrong_assistants_are_refused_with_what_is_allowed(api: Api) -> None:
    case_id, _ = await dispatched(api)
    host = [{"departmentId": "sanitation", "asked": "帮忙"}]
    found = await problem(api, "dispatcher-1", "seat", "AddAssistants", case_id, assistants=host)
    assert (found["code"], found["allowed"]) == ("ASSISTANT_INVALID", "departments other than the host")
    asks = [{"departmentId": "water", "asked": "帮忙"}]
    found = await problem(api, "acceptor-1", "seat", "AddAssistants", case_id, assistants=asks)
    assert found["code"] == "NOT_ALLOWED"
    await step(api, "dispatcher-1", "seat", "AddAssistants", case_id, assistants=asks)
    await step(api, "dispatcher-1", "seat", "ReassignAssistant", case_id, departmentId="water")
    left = await step(
        api, "dispatcher-1", "seat", "RemoveAssistant", case_id, departmentId="water", opinion="无关"
    )
    assert left["assistants"] == []


async def test_three_returns_lead_to_a_leader_whose_decision_holds(api: Api) -> None:
    case_id, officer = await dispatched(api)
    for turn in range(3):
        if turn:
            await step(api, "dispatcher-1", "seat", "DispatchCase", case_id, officerId=officer)
        state = (await step(api, officer, "officer", "ReturnTask", case_id, opinion="不属"))["state"]
    assert state == "PENDING_DECISION"
    to = {"departmentId": "sanitation", "officerId": officer, "opinion": "由环卫处置"}
    found = await problem(api, "dispatcher-1", "seat", "DecideDepartment", case_id, **to)
    assert found["code"] == "NOT_ALLOWED"
    decided = await step(api, "leader-of-street", "seat", "DecideDepartment", case_id, **to)
    assert (decided["isDecided"], decided["holderName"]) == (True, officer)
    found = await problem(api, officer, "officer", "ReturnTask", case_id, opinion="不属")
    assert found["code"] == "CASE_DECIDED"


async def test_a_split_case_shows_its_parts_to_its_reporter_and_nothing_more(api: Api) -> None:
    case = await api.report("citizen-1")
    case_id = case["_id"]
    ready = {"$set": {"state": "PENDING_FILING", "task": None, "work": []}}
    await api.city.database.cases.update_one({"_id": case_id}, ready)
    command = Command(new_uuid(), None, "phone:test")
    await file_case(api.city, api.people["acceptor-1"], case_id, command, type_code="E0409")
    await api.city.database.cases.update_one({"_id": case_id}, {"$set": {"work": []}})
    parts = [
        {"typeCode": "E0110", "conditionId": "E0110-1", "description": "垃圾"},
        {"typeCode": "C0102", "conditionId": "C0102-1", "departmentId": "water"},
    ]
    found = await problem(api, "dispatcher-1", "seat", "SplitCase", case_id, parts=parts[:1], opinion="拆")
    assert (found["code"], found["allowed"]) == ("PARTS_INVALID", "2 to 10 parts")
    split = await step(api, "dispatcher-1", "seat", "SplitCase", case_id, parts=parts, opinion="一案两事")
    assert (split["state"], len(split["children"])) == ("AWAITING_CHILDREN", 2)
    seen = await api.do("citizen-1", "citizen", "CaseTogether", id=case_id)
    assert [part["department"]["id"] for part in seen["children"]] == ["sanitation", "water"]
    assert [part["number"] for part in seen["children"]] == [f"{seen['number']}-1", f"{seen['number']}-2"]
    child_id = seen["children"][1]["id"]
    assert await api.do("citizen-1", "citizen", "CaseTogether", id=child_id) is None
    assert await api.do("citizen-2", "citizen", "CaseTogether", id=case_id) is None
    child = await api.do("officer-other", "officer", "CaseTogether", id=child_id)
    assert child["parentId"] == case_id
    assert await api.do("officer-other", "officer", "CaseTogether", id=case_id) is None
    found = await problem(
        api, "leader-of-shift", "seat", "SendBackParts", case_id, partIds=[child_id], opinion="没好"
    )
    assert found["code"] == "STEP_NOT_POSSIBLE"


async def test_levels_are_shown_and_the_district_is_the_top(api: Api) -> None:
    case_id, officer = await dispatched(api)
    shown = await api.do(officer, "officer", "CaseTogether", id=case_id)
    assert (shown["level"], shown["returnCount"], shown["parentId"]) == ("DISTRICT", 0, None)
    found = await problem(api, officer, "officer", "UpgradeCase", case_id, opinion="上报")
    assert found["code"] == "LEVEL_NOT_POSSIBLE"
    found = await problem(api, "dispatcher-1", "seat", "DowngradeCase", case_id, opinion="下派")
    assert found["code"] == "LEVEL_NOT_POSSIBLE"
    found = await problem(api, "dispatcher-1", "seat", "UpgradeCase", case_id, opinion="")
    assert found["code"] == "OPINION_REQUIRED"
