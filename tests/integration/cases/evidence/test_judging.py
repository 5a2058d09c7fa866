"""Flags are shown to whoever checks, who decides freely; how often they disagree is a figure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.check import check_case
from city_core.cases.evidence.disagreement_figures import disagreement_figures
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from tests.audit_entries import verbs_on_record
from tests.integration.cases.evidence.support import handled_with, reported
from tests.integration.cases.support import People, command, stored

OLD = timedelta(hours=5)


async def flagged(city: City, people: People) -> tuple[Row, str]:
    """Have a case handled with an after-photo that is five hours older than its dispatch."""
    case = await reported(city, people)
    done = await handled_with(city, people, case, taken_at=city.clock.now() - OLD)
    return done, done["photos"][-1]["media_id"]


async def checked(city: City, people: People, case: Row, *, passed: bool, **said: Any) -> Row:
    checker = people[case["task"]["assignee_id"]]
    await check_case(city, checker, case["_id"], command(), passed=passed, opinion="已现场查看", **said)
    return await stored(city, case)


async def test_what_was_shown_and_said_stays_on_record(city: City, people: People) -> None:
    case, media_id = await flagged(city, people)
    flag = {"media_id": media_id, "flag": "TAKEN_BEFORE_DISPATCH"}
    done = await checked(city, people, case, passed=True, flag_judgements=[{**flag, "holds": False}])
    assert done["state"] == "PENDING_CLOSING", "the person decides"
    [judged] = [row["facts"]["judged"] for row in done["history"] if "judged" in row["facts"]]
    assert judged.pop("at") <= done["history"][-1]["at"]
    assert judged == {
        "passed": True, "flags": [{**flag, "holds": False}], "shown": 1, "overruled": 1, "held": 0,
    }  # fmt: skip


async def test_a_flag_that_was_not_shown_cannot_be_judged(city: City, people: People) -> None:
    case, media_id = await flagged(city, people)
    for said in (
        [{"media_id": media_id, "flag": "EDITED", "holds": True}],
        [{"media_id": "b" * 32, "flag": "TAKEN_BEFORE_DISPATCH", "holds": True}],
    ):
        with pytest.raises(CityProblem, match="FLAG_UNKNOWN"):
            await checked(city, people, case, passed=True, flag_judgements=said)
    assert (await stored(city, case))["version"] == case["version"]


async def test_disagreement_is_counted_for_each_person(city: City, people: People) -> None:
    ways: list[tuple[bool, bool | None]] = [(True, None), (True, True), (False, None), (False, False)]
    for passed, holds in ways:
        case, media_id = await flagged(city, people)
        await city.database.cases.update_one(
            {"_id": case["_id"]}, {"$set": {"task.assignee_id": "inspector-2"}}
        )
        case = await stored(city, case)
        flag = {"media_id": media_id, "flag": "TAKEN_BEFORE_DISPATCH", "holds": holds}
        said = [] if holds is None else [flag]
        await checked(city, people, case, passed=passed, flag_judgements=said)
    now = city.clock.now()
    week = now - timedelta(days=7), now + timedelta(minutes=1)
    [row] = await disagreement_figures(city, people["leader-of-shift"], *week)
    assert await verbs_on_record(city) == ["FIGURES_READ"]
    assert row == {
        "person_id": "inspector-2", "role": "INSPECTOR", "checks": 4, "passed_though_flagged": 2,
        "flags_shown": 4, "flags_overruled": 2, "flags_held": 1, "advice_accepted": 0, "advice_overruled": 0,
    }  # fmt: skip
    assert await disagreement_figures(city, people["leader-1"], week[0], now - timedelta(days=6)) == []


async def test_figures_read_only_what_was_judged_in_ones_own_streets(city: City, people: People) -> None:
    case, _ = await flagged(city, people)
    await checked(city, people, case, passed=True)
    for _ in range(3):
        await reported(city, people)
    now = city.clock.now()
    week = now - timedelta(days=7), now + timedelta(minutes=1)
    await city.database.command("profile", 2)
    assert len(await disagreement_figures(city, people["leader-of-street"], *week)) == 1
    profile = await city.database["system.profile"].find_one({"command.aggregate": "cases"})
    await city.database.command("profile", 0)
    assert profile is not None
    assert (profile["docsExamined"], profile["keysExamined"]) == (1, 1)
    elsewhere = {"place.street_code": "elsewhere"}
    await city.database.cases.update_many({}, {"$set": elsewhere})
    assert await disagreement_figures(city, people["leader-of-street"], *week) == []


async def test_who_may_not_ask(city: City, people: People) -> None:
    now = city.clock.now()
    for who, until, code in (
        ("citizen-1", now, "NOT_ALLOWED"),
        ("inspector-1", now, "NOT_ALLOWED"),
        ("leader-1", now - timedelta(days=2), "PERIOD_INVALID"),
    ):
        with pytest.raises(CityProblem, match=code):
            await disagreement_figures(city, people[who], now - timedelta(days=1), until)
