"""Deadlines over GraphQL: the clocks of a case, its lamp, and why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.support import Api, operation


async def explain(api: Api, who: str, case_id: str, clock: str, **headers: str) -> Any:
    variables = {"caseId": case_id, "clock": clock}
    return await api.ask(operation("seat", "ExplainDeadline"), variables, who, **headers)


async def test_a_case_shows_its_clocks_and_its_lamp(api: Api) -> None:
    case = await api.report()
    shown = await api.do("acceptor-1", "seat", "CaseWithHistory", id=case["_id"])
    [clock] = shown["clocks"]
    assert (clock["name"], clock["title"], clock["limitValue"], clock["limitUnit"]) == (
        "ACCEPT", "受理时限", 15, "WORK_MINUTE")  # fmt: skip
    assert (clock["budgetSeconds"], clock["usedSeconds"], clock["paused"]) == (900, 0, False)
    assert clock["dueAt"] > clock["yellowAt"] >= clock["startedAt"]
    assert shown["lamp"] == clock["lamp"] == "GREEN"


async def test_the_explanation_comes_in_the_language_asked_for(api: Api) -> None:
    case = await api.report()
    told = (await explain(api, "citizen-1", case["_id"], "ACCEPT"))["data"]["explainDeadline"]
    assert told["lines"][-1] == {"kind": "LAMP", "text": "绿灯（未到80%）", "at": None, "until": None}
    [held] = told["holdings"]
    assert (held["holderName"], held["department"], held["until"]) == ("受理", None, None)
    headers = {"accept-language": "en"}
    told = (await explain(api, "citizen-1", case["_id"], "ACCEPT", **headers))["data"]["explainDeadline"]
    assert told["clock"]["title"] == "Accepting"
    assert told["lines"][-1]["text"] == "green, up to 80 %"
    nothing = (await explain(api, "citizen-1", case["_id"], "CASE"))["data"]["explainDeadline"]
    assert (nothing["clock"], [line["kind"] for line in nothing["lines"]]) == (None, ["NOT_STARTED"])


@pytest.mark.parametrize("who", ["citizen-2", "inspector-far", "officer-1"])
async def test_nobody_is_told_about_a_case_that_is_not_theirs(api: Api, who: str) -> None:
    case = await api.report()
    answer = await explain(api, who, case["_id"], "ACCEPT")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "CASE_NOT_FOUND"
