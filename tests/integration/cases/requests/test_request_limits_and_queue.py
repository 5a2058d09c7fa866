"""What holds for every request: published limits, repeated commands, the queue of the reviewers."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.requests.appeal_case import appeal_case
from city_core.cases.requests.decide_appeal import decide_appeal
from city_core.cases.requests.decide_extension import decide_extension
from city_core.cases.requests.decide_forced_close import decide_forced_close
from city_core.cases.requests.decide_suspension import decide_suspension
from city_core.cases.requests.decide_void import decide_void
from city_core.cases.requests.limits import REQUEST_RULES
from city_core.cases.requests.request_extension import request_extension
from city_core.cases.requests.request_forced_close import request_forced_close
from city_core.cases.requests.request_suspension import request_suspension
from city_core.cases.requests.request_void import request_void
from city_core.cases.requests.resume import resume_case
from city_core.cases.requests.waiting import requests_to_review
from city_core.cases.requests.withdraw_request import withdraw_request
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import publish_csv
from city_core.people.roles import Actor
from tests.integration.cases.requests.town import Town, command
from tests.integration.cases.support import clock_values


async def test_published_limits_hold_for_cases_filed_under_them(town: Town) -> None:
    await town.new_case()
    old = town.id
    table = "name,value\nextensions,1\nextension_limits,1\nsuspensions,1\nsuspension_days,10\nappeals,1\n"
    given = {"by": "administrator-1", "client_id": uuid.uuid4().hex, "input_hash": "x"}
    bad = await publish_csv(town.city, REQUEST_RULES, {"limits": table}, **given)
    assert (bad.version, [fault.en for fault in bad.faults]) == (0, ["appeal_days is missing"])
    files = {"limits": f"{table}appeal_days,3\n"}
    assert (await publish_csv(town.city, REQUEST_RULES, files, **given)).version == 1
    await town.new_case()
    until = town.clock.now() + timedelta(days=11)
    await town.refused("SUSPENSION_INVALID", "officer-1", request_suspension, until=until, reason="x")
    await town.approve_extension(await town.ask_extension())
    await town.refused("REQUEST_USED_UP", "officer-1", request_extension, value=1, reason="雨")
    case = await town.case()
    assert case["rules"]["requests"] == 1
    assert case["clocks"] == (await clock_values(town.city, case["history"]))["clocks"]
    town.id = old
    await town.do("officer-1", request_suspension, until=until, reason="等料")


async def test_every_command_can_be_repeated_and_none_reused(town: Town) -> None:
    await town.new_case()
    officer, until = town.people["officer-1"], town.clock.now() + timedelta(days=3)

    async def twice(who: str, use_case: Any, **given: Any) -> Row:
        once = command()
        first: Row = await use_case(town.city, town.people[who], town.id, once, **given)
        again: Row = await use_case(town.city, town.people[who], town.id, once, **given)
        assert again == first == await town.case()
        other = {**given, "reason" if "reason" in given else "opinion": "别的"}
        with pytest.raises(CityProblem, match="COMMAND_REUSED"):
            await use_case(town.city, town.people[who], town.id, once, **other)
        return first

    row = await twice("officer-1", request_extension, value=1, reason="雨")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("dispatcher-1", decide_extension, **given)
    await twice("leader-of-shift", decide_extension, **given)
    row = await twice("acceptor-1", request_void, reason="重复")
    await twice("acceptor-1", withdraw_request, request_id=row["requests"][-1]["id"])
    row = await twice("dispatcher-1", request_void, reason="重复")
    refusal = {"request_id": row["requests"][-1]["id"], "approved": False, "opinion": "不"}
    await twice("leader-of-shift", decide_void, **refusal)
    row = await twice(officer.person_id, request_suspension, until=until, reason="等料")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("leader-of-shift", decide_suspension, **given)
    await twice("dispatcher-1", resume_case)
    row = await twice("leader-of-shift", request_forced_close, reason="拆")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("leader-1", decide_forced_close, **given)
    row = await twice("officer-1", appeal_case, reason="误判")
    given = {"request_id": row["requests"][-1]["id"], "approved": True}
    await twice("leader-of-shift", decide_appeal, **given)
    await twice("leader-1", decide_appeal, **given)


async def test_the_queue_shows_a_post_what_waits_for_it_in_its_streets_oldest_first(town: Town) -> None:
    cases = []
    for _ in range(5):
        await town.new_case()
        cases.append((town.id, await town.ask_extension()))
        town.clock.turn(seconds=1)
    seen: list[str] = []
    after = None
    while True:
        page = await requests_to_review(town.city, town.people["dispatcher-1"], first=2, after=after)
        seen += [row["_id"] for row in page.rows]
        if not page.has_next:
            break
        after = page.end_cursor
    assert seen == [case_id for case_id, _ in cases]
    for who in ("leader-of-shift", "leader-1", "officer-1", "citizen-1", "administrator-1"):
        assert (await requests_to_review(town.city, town.people[who], first=10)).rows == []
    far = Actor("dispatcher-far", town.people["dispatcher-1"].role, street_codes=frozenset({"far"}))
    assert (await requests_to_review(town.city, far, first=10)).rows == []
    town.id = cases[0][0]
    await town.do("dispatcher-1", decide_extension, request_id=cases[0][1], approved=True)
    page = await requests_to_review(town.city, town.people["leader-of-shift"], first=10)
    assert [row["_id"] for row in page.rows] == [town.id]
    with pytest.raises(CityProblem, match="PAGE_INVALID"):
        await requests_to_review(town.city, town.people["dispatcher-1"], first=2, after="x")


async def test_the_queue_is_read_from_its_index(town: Town) -> None:
    await town.new_case()
    await town.ask_extension()
    query = {"review.role": "DISPATCHER", "place.street_code": {"$in": ["370303001", "other"]}}
    found = town.city.database.cases.find(query).sort([("review.since", 1), ("_id", 1)])
    plan = (await found.explain())["queryPlanner"]["winningPlan"]
    assert "requests_to_review" in str(plan)
    assert "'stage': 'SORT'" not in str(plan)
