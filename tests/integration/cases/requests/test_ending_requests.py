"""Voiding, forced close and appeal on a real mongod: what ends a case, or changes how it counts."""

from __future__ import annotations

import pytest

from city_core.cases.requests.appeal_case import appeal_case
from city_core.cases.requests.decide_appeal import decide_appeal
from city_core.cases.requests.decide_forced_close import decide_forced_close
from city_core.cases.requests.decide_void import decide_void
from city_core.cases.requests.request_forced_close import request_forced_close
from city_core.cases.requests.request_void import request_void
from tests.integration.cases.requests.town import Town


async def test_a_seat_asks_and_the_shift_leader_voids_a_case(town: Town) -> None:
    await town.new_case()
    await town.city.database.cases.update_one(
        {"_id": town.id}, {"$set": {"source": "CITIZEN", "reporter_id": "citizen-1"}}
    )
    await town.refused("NOT_ALLOWED", "officer-1", request_void, reason="不存在")
    row = await town.do("acceptor-1", request_void, reason="重复立案")
    given = {"request_id": row["requests"][-1]["id"]}
    await town.refused("NOT_ALLOWED", "dispatcher-1", decide_void, **given, approved=True)
    await town.do("leader-of-shift", decide_void, **given, approved=False, opinion="不重复")
    assert (await town.case())["state"] == "IN_PROGRESS"
    progress = await town.told("CASE_PROGRESS")
    row = await town.do("dispatcher-1", request_void, reason="重复立案")
    given = {"request_id": row["requests"][-1]["id"]}
    case = await town.do("leader-of-shift", decide_void, **given, approved=True)
    assert (case["state"], case["task"], case["closed_at"]) == ("VOID", None, town.clock.now())
    assert await town.told("CASE_PROGRESS") == [*progress, "citizen-1"]
    assert (await town.told("TASK_WITHDRAWN"))[-1] == "officer-1"


async def test_a_forced_close_needs_a_leader_and_stays_on_record(town: Town) -> None:
    await town.new_case()
    await town.suspend(days=30)
    await town.refused("OPINION_REQUIRED", "leader-of-shift", request_forced_close, reason="")
    row = await town.do("leader-of-shift", request_forced_close, reason="拆迁，无法处置")
    given = {"request_id": row["requests"][-1]["id"]}
    assert row["review"]["role"] == "LEADER"
    assert await town.told("REQUEST_TO_REVIEW") == ["leader-of-shift", "leader-1"]
    await town.refused("NOT_ALLOWED", "leader-of-shift", decide_forced_close, **given, approved=True)
    await town.do("leader-1", decide_forced_close, **given, approved=False, opinion="再等等")
    assert (await town.case())["state"] == "SUSPENDED"
    row = await town.do("leader-of-shift", request_forced_close, reason="已拆")
    given = {"request_id": row["requests"][-1]["id"]}
    case = await town.do("leader-1", decide_forced_close, **given, approved=True)
    assert (case["state"], case["is_forced_close"], case["handled_at"]) == ("CLOSED", True, None)
    assert (case["suspended_until"], case["suspended_task"]) == (None, None)
    assert {item["kind"] for item in case["work"]} == {"notify"}
    town.clock.turn(days=31)
    await town.do_all_work()
    assert (await town.case())["state"] == "CLOSED"


async def test_a_waiting_forced_close_is_overtaken_by_the_ordinary_closing(town: Town) -> None:
    await town.new_case()
    await town.do("leader-of-shift", request_forced_close, reason="久拖")
    case = await town.walk_to_closed()
    assert (case["state"], case["is_forced_close"], case["requests"][0]["state"]) == (
        "CLOSED", False, "WITHDRAWN",
    )  # fmt: skip


async def test_an_appeal_that_is_upheld_changes_how_a_case_counts_and_no_fact(town: Town) -> None:
    await town.new_case()
    closed = await town.walk_to_closed()
    row = await town.do("officer-2", appeal_case, reason="时限误判")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await town.refused("REVIEW_NOT_YOURS", "leader-1", decide_appeal, **given)
    await town.do("leader-of-shift", decide_appeal, **given)
    assert (await town.case())["is_exempt_from_figures"] is False
    case = await town.do("leader-1", decide_appeal, **given)
    assert case["is_exempt_from_figures"] is True
    for name in ("state", "deadline_at", "handled_at", "closed_at", "rework_count", "number", "task"):
        assert case[name] == closed[name]
    assert await town.told("REQUEST_DECIDED") == ["officer-2"]
    await town.refused("REQUEST_USED_UP", "officer-1", appeal_case, reason="再申诉")


@pytest.mark.parametrize("refuser", ["leader-of-shift", "leader-1"])
async def test_an_appeal_is_refused_by_either_post_and_not_made_again(town: Town, refuser: str) -> None:
    await town.new_case()
    await town.walk_to_closed()
    row = await town.do("officer-1", appeal_case, reason="时限误判")
    given = {"request_id": row["requests"][-1]["id"]}
    if refuser == "leader-1":
        await town.do("leader-of-shift", decide_appeal, **given, approved=True)
    case = await town.do(refuser, decide_appeal, **given, approved=False, opinion="判定无误")
    assert (case["state"], case["is_exempt_from_figures"]) == ("CLOSED", False)
    await town.refused("REQUEST_USED_UP", "officer-1", appeal_case, reason="再申诉")


async def test_an_appeal_comes_too_late_or_from_a_stranger(town: Town) -> None:
    await town.new_case()
    await town.walk_to_closed()
    await town.refused("CASE_NOT_FOUND", "officer-other", appeal_case, reason="x")
    await town.refused("NOT_ALLOWED", "dispatcher-1", appeal_case, reason="x")
    town.clock.turn(days=8)
    await town.refused("APPEAL_TOO_LATE", "officer-1", appeal_case, reason="x")
