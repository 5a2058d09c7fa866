"""What comes back after closing is linked to the case that was closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from tests.integration.cases.duplicates.support import dispatched, do_all_work, report, stored
from tests.village import INSIDE

People = dict[str, Actor]


async def closed_case(city: City, people: People, metres: float = 0, days: float = 3, **more: Any) -> Row:
    """Have a case that was closed some days ago."""
    case = await dispatched(city, people, metres)
    closed_at = city.clock.now() - timedelta(days=days)
    values = {"state": "CLOSED", "closed_at": closed_at, "task": None, **more}
    await city.database.cases.update_one({"_id": case["_id"]}, {"$set": values})
    return await stored(city, case["_id"])


async def test_the_latest_closed_case_here_of_this_type_is_linked_both_ways(
    city: City, people: People
) -> None:
    await closed_case(city, people, days=5)
    earlier = await closed_case(city, people, 20)
    new = await dispatched(city, people)
    assert new["recurrence_of"] == earlier["_id"]
    assert {item["kind"] for item in new["work"]} == {"escalate"}
    closed = await stored(city, earlier["_id"])
    assert (closed["state"], closed["recurrence_ids"]) == ("CLOSED", [new["_id"]])
    assert closed["history"][-1]["action"] == new["history"][-1]["action"] == "MARK_RECURRENCE"
    again = await dispatched(city, people)
    assert again["recurrence_of"] == earlier["_id"]
    assert (await stored(city, earlier["_id"]))["recurrence_ids"] == [new["_id"], again["_id"]]


@pytest.mark.parametrize(
    "more",
    [{"metres": 35}, {"days": 16}, {"days": -1}, {"type_code": "E0112"}, {"state": "REJECTED"}],
    ids=str,
)
async def test_far_long_ago_or_another_thing_is_no_recurrence(
    city: City, people: People, more: dict[str, Any]
) -> None:
    earlier = await closed_case(city, people, **more)
    new = await dispatched(city, people)
    assert new["recurrence_of"] is None
    assert await stored(city, earlier["_id"]) == earlier


def stages(plan: Row) -> dict[str, str]:
    found = {plan["stage"]: plan.get("indexName", "")}
    for inner in [plan.get("inputStage"), *plan.get("inputStages", [])]:
        if inner:
            found |= stages(inner)
    return found


async def test_each_search_reads_its_own_index(city: City, people: People) -> None:
    case = await report(city, people["inspector-1"])
    await do_all_work(city)
    rows = [{**await stored(city, case["_id"]), "_id": new_id(), "client_id": new_id(), "number": new_id(),
             "state": state} for state in ("CLOSED", "MERGED", "DISPATCHED") for _ in range(20)]  # fmt: skip
    await city.database.cases.insert_many(rows)
    point = {"type": "Point", "coordinates": list(INSIDE)}
    around = {"$nearSphere": {"$geometry": point, "$maxDistance": 50}}
    disc = {"$geoWithin": {"$centerSphere": [list(INSIDE), 30 / 6_371_008.8]}}
    since = city.clock.now() - timedelta(days=1)
    is_open: Row = {"state": {"$in": ["DISPATCHED"]}}
    for query, index in (
        ({"place.point": around, **is_open, "reported_at": {"$gte": since}}, "open_near"),
        ({"place.point": around, "state": "MERGED", "reported_at": {"$gte": since}}, "merged_near"),
        ({"component_code": "LAMP-7", **is_open}, "component"),
        ({"state": "CLOSED", "type_code": "E0110", "place.point": disc, "closed_at": {"$gte": since}},
         "closed_near"),
    ):  # fmt: skip
        plan = (await city.database.cases.find(query).explain())["queryPlanner"]["winningPlan"]
        found = stages(plan)
        assert "COLLSCAN" not in found and index in str(plan), (query, found)
