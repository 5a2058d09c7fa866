"""Extensions on a real mongod: asked for, reviewed by two posts, withdrawn, overtaken by the loop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city_core.cases.dispatch import dispatch_case
from city_core.cases.model import Case
from city_core.cases.requests.decide_extension import decide_extension
from city_core.cases.requests.request_extension import request_extension
from city_core.cases.requests.withdraw_request import withdraw_request
from city_core.cases.return_task import return_task
from city_core.people.roles import Actor
from tests.integration.cases.requests.town import Town


async def test_an_extension_is_asked_for_and_approved_by_two_posts(town: Town) -> None:
    before = await town.new_case()
    request_id = await town.ask_extension()
    case = await town.case()
    assert case["state"] == "IN_PROGRESS"
    assert case["review"] == {"role": "DISPATCHER", "since": case["requests"][0]["asked_at"]}
    assert await town.told("REQUEST_TO_REVIEW") == ["dispatcher-1"]
    await town.do("dispatcher-1", decide_extension, request_id=request_id, approved=True, opinion="属实")
    case = await town.case()
    assert case["review"] == {"role": "SHIFT_LEADER", "since": case["requests"][0]["reviews"][0]["at"]}
    assert case["history"][-1]["facts"] == {"request_id": request_id, "approved": True, "final": False}
    assert await town.told("REQUEST_TO_REVIEW") == ["dispatcher-1", "leader-of-shift"]
    assert await town.told("REQUEST_DECIDED") == []
    await town.do("leader-of-shift", decide_extension, request_id=request_id, approved=True)
    case = await town.case()
    assert (case["state"], case["review"]) == ("IN_PROGRESS", None)
    assert case["history"][-1]["facts"] == {
        "request_id": request_id, "approved": True, "final": True,
        "added": {"value": 2, "unit": "work_hour", "season": None},
    }  # fmt: skip
    assert case["requests"][0]["state"] == "APPROVED"
    assert case["deadline_at"] > before["deadline_at"]
    assert case["clocks"]["case"]["budget_s"] == before["clocks"]["case"]["budget_s"] + 2 * 3_600
    assert await town.told("REQUEST_DECIDED") == ["officer-1"]
    Case.model_validate(case)


@pytest.mark.parametrize("refuser", ["dispatcher-1", "leader-of-shift"])
async def test_either_post_may_refuse_an_extension_with_a_reason(town: Town, refuser: str) -> None:
    await town.new_case()
    given = {"request_id": await town.ask_extension()}
    if refuser == "leader-of-shift":
        await town.do("dispatcher-1", decide_extension, **given, approved=True)
    await town.refused("OPINION_REQUIRED", refuser, decide_extension, **given, approved=False)
    await town.do(refuser, decide_extension, **given, approved=False, opinion="时限足够")
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("REFUSED", None)
    assert case["history"][-1]["facts"] == {**given, "approved": False, "final": True}
    assert await town.told("REQUEST_DECIDED") == ["officer-1"]
    await town.ask_extension()  # a refusal is not counted


async def test_a_third_extension_a_late_one_and_a_second_at_once_are_refused(town: Town) -> None:
    await town.new_case()
    await town.approve_extension(await town.ask_extension())
    waiting = await town.ask_extension()
    ask = {"value": 1, "reason": "雨"}
    await town.refused("REQUEST_PENDING", "officer-1", request_extension, **ask)
    await town.approve_extension(waiting)
    await town.refused("REQUEST_USED_UP", "officer-1", request_extension, **ask)
    await town.new_case()
    town.clock.instant = (await town.case())["deadline_at"] + timedelta(seconds=1)
    await town.refused("DEADLINE_PASSED", "officer-1", request_extension, **ask)
    await town.refused("OPINION_REQUIRED", "officer-1", request_extension, value=1, reason=" ")


async def test_what_was_asked_for_in_time_may_be_approved_late(town: Town) -> None:
    await town.new_case()
    request_id = await town.ask_extension()
    town.clock.instant = (await town.case())["deadline_at"] + timedelta(days=1)
    assert (await town.approve_extension(request_id))["requests"][0]["state"] == "APPROVED"


async def test_nobody_reviews_out_of_turn_or_twice_or_for_another_post(town: Town) -> None:
    await town.new_case()
    given = {"request_id": await town.ask_extension(), "approved": True}
    await town.refused("REVIEW_NOT_YOURS", "leader-of-shift", decide_extension, **given)
    await town.refused("NOT_ALLOWED", "officer-2", decide_extension, **given)
    await town.refused("CASE_NOT_FOUND", "officer-other", decide_extension, **given)
    await town.do("dispatcher-1", decide_extension, **given)
    await town.refused("REVIEW_NOT_YOURS", "dispatcher-1", decide_extension, **given)
    town.people["dispatcher-1"] = Actor(
        "dispatcher-1", town.people["leader-of-shift"].role, "x", street_codes=frozenset({"370303001"})
    )
    await town.refused("REVIEW_NOT_YOURS", "dispatcher-1", decide_extension, **given)
    await town.do("leader-of-shift", decide_extension, **given)
    await town.refused("REQUEST_NOT_PENDING", "leader-of-shift", decide_extension, **given)
    unknown = {**given, "request_id": "none"}
    await town.refused("REQUEST_UNKNOWN", "leader-of-shift", decide_extension, **unknown)


async def test_a_request_is_withdrawn_by_its_maker_only(town: Town) -> None:
    await town.new_case()
    request_id = await town.ask_extension()
    await town.refused("REQUEST_NOT_YOURS", "officer-2", withdraw_request, request_id=request_id)
    await town.do("officer-1", withdraw_request, request_id=request_id)
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("WITHDRAWN", None)
    assert await town.told("REQUEST_DECIDED") == []
    await town.refused("REQUEST_NOT_PENDING", "officer-1", withdraw_request, request_id=request_id)
    given = {"request_id": request_id, "approved": True}
    await town.refused("REQUEST_NOT_PENDING", "dispatcher-1", decide_extension, **given)


async def test_handling_goes_on_and_closes_what_has_become_pointless(town: Town) -> None:
    await town.new_case()
    given = {"request_id": await town.ask_extension(), "approved": True}
    assert (await town.walk_to_closed())["state"] == "CLOSED"
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("WITHDRAWN", None)
    assert await town.told("REQUEST_DECIDED") == ["officer-1"]
    await town.refused("STEP_NOT_POSSIBLE", "dispatcher-1", decide_extension, **given)


async def test_a_case_that_goes_to_another_department_leaves_the_request_of_the_first_behind(
    town: Town,
) -> None:
    await town.new_case(accepted=False)
    await town.ask_extension()
    await town.do("dispatcher-1", dispatch_case, officer_id="officer-2")
    assert (await town.case())["requests"][0]["state"] == "PENDING"
    await town.do("dispatcher-1", dispatch_case, officer_id="officer-other")
    case = await town.case()
    assert (case["requests"][0]["state"], case["review"]) == ("WITHDRAWN", None)
    sent = [row["receiver_department_id"] for row in case["history"] if row["action"] == "DISPATCH"]
    assert sent == ["sanitation", "sanitation", "sanitation", "water"]
    await town.refused("NOT_ALLOWED", "officer-2", request_extension, value=1, reason="雨")


async def test_a_returned_case_leaves_its_request_behind(town: Town) -> None:
    await town.new_case()
    await town.ask_extension()
    await town.do("officer-1", return_task, opinion="不属本单位")
    assert (await town.case())["requests"][0]["state"] == "WITHDRAWN"
