"""Trying draft rules on filed cases: the differences, the faults of the draft, and nothing written."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city_core.cases.blank import blank_case
from city_core.cases.try_routing import try_routing
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from tests.integration.cases.support import People
from tests.routing_rows import csv_of, name_divisions, publish_rules, rule_row
from tests.village import COMMUNITY, GRID, STREET

SINCE = datetime(2026, 6, 1, tzinfo=UTC)
NIGHT = {"hours_from": "18:00", "hours_to": "02:00", "type_prefixes": ["E0110"]}


async def file_many(city: City, count: int, type_code: str = "E0110") -> None:
    """Have a case filed every hour from June 1 on."""
    place = {
        "street_code": STREET, "community_code": COMMUNITY, "grid_code": GRID, "area_class": "A",
        "responsibility_grid_id": "r", "address": "柳泉路",
    }  # fmt: skip
    rows = [
        {
            **blank_case(), "_id": f"{type_code}-{number:06d}", "version": 3, "state": "CLOSED",
            "type_code": type_code, "place": place, "source": "CITIZEN", "number": f"{type_code}{number:06d}",
            "filed_at": SINCE + timedelta(hours=number), "reporter_id": "citizen-1",
            "client_id": f"{type_code}-{number}", "description": "私人内容",
        }
        for number in range(count)
    ]  # fmt: skip
    await city.database.cases.insert_many(rows)


async def snapshot(city: City) -> dict[str, list[Row]]:
    names = await city.database.list_collection_names()
    return {name: await city.database[name].find().sort("_id", 1).to_list(None) for name in sorted(names)}


async def tried(city: City, people: People, *rows: dict[str, Any], hours: int = 24) -> Any:
    until = SINCE + timedelta(hours=hours)
    return await try_routing(city, people["administrator-1"], csv_of(*rows), since=SINCE, until=until)


async def test_the_differences_of_a_night_rule_are_counted_and_nothing_is_written(
    city: City, people: People
) -> None:
    await publish_rules(city, rule_row(10, "sanitation", type_prefixes=["E"]))
    await file_many(city, 30)
    before = await snapshot(city)
    trial = await tried(city, people, rule_row(5, "water", **NIGHT), rule_row(10, "sanitation"))
    assert await snapshot(city) == before
    assert (trial.faults, trial.version, trial.next_since) == ([], 1, None)
    tally = trial.tally
    assert (tally.routed, tally.changed, tally.without_before, tally.without_after) == (24, 8, 0, 0)
    assert dict(tally.pairs) == {("sanitation", "water"): 8}
    assert dict(tally.uses) == {5: 8, 10: 16}
    assert [example.number for example in tally.examples] == [f"E0110{n:06d}" for n in (10, 11, 12, 13, 14)]
    first = tally.examples[0]
    assert (first.type_code, first.street_code) == ("E0110", STREET)
    assert (first.before.id, first.after.id, first.after.position) == ("sanitation", "water", 5)


async def test_cases_that_nobody_would_get_and_other_named_people_are_counted(
    city: City, people: People
) -> None:
    await file_many(city, 5)
    await file_many(city, 2, "X9999")
    trial = await tried(
        city, people, rule_row(10, "sanitation", type_prefixes=["E"], officer_ids=["officer-2"])
    )
    tally = trial.tally
    assert (tally.routed, tally.changed, tally.other_people) == (7, 0, 5)
    assert (tally.without_before, tally.without_after) == (2, 2)


async def test_a_draft_with_a_rule_that_is_never_reached_is_not_tried(city: City, people: People) -> None:
    await file_many(city, 3)
    trial = await tried(city, people, rule_row(1, "water"), rule_row(2, "sanitation", type_prefixes=["E"]))
    assert [(fault.row, fault.column) for fault in trial.faults] == [(3, "position")]
    assert trial.tally.routed == 0


async def test_unknown_things_of_the_city_are_named_by_row(city: City, people: People) -> None:
    await name_divisions(city)
    narrow = {"valid_to": "2026-01-01"}
    trial = await tried(
        city, people,
        rule_row(1, "nobody", **narrow), rule_row(2, "water", type_prefixes=["Q"]),
        rule_row(3, "water", street_codes=["370399"]), rule_row(4, "water", community_codes=["1"]),
        rule_row(5, "water", officer_ids=["officer-1"], sources=["CITIZEN"]),
        rule_row(6, "water", modules=["moon"], sources=["INSPECTOR"]),
        rule_row(7, "water", grid_codes=["2"], sources=["INSPECTOR"]), rule_row(8, "gone", enabled=False),
    )  # fmt: skip
    assert [(fault.row, fault.column) for fault in trial.faults] == [
        (2, "department_id"), (3, "type_prefixes"), (4, "street_codes"), (5, "community_codes"),
        (6, "officer_ids"), (7, "modules"), (8, "grid_codes"),
    ]  # fmt: skip
    assert all(fault.zh and fault.en for fault in trial.faults)


@pytest.mark.parametrize("who", ["dispatcher-1", "leader-1", "officer-1", "citizen-1"])
async def test_only_the_keeper_of_the_rules_may_try(city: City, people: People, who: str) -> None:
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await try_routing(city, people[who], csv_of(rule_row(1, "water")))


async def test_a_period_has_to_go_forward(city: City, people: People) -> None:
    with pytest.raises(CityProblem, match="PERIOD_INVALID"):
        await tried(city, people, rule_row(1, "water"), hours=0)


async def test_the_usual_period_is_the_last_thirty_days(city: City, people: People) -> None:
    trial = await try_routing(city, people["administrator-1"], csv_of(rule_row(1, "water")))
    assert trial.period.until - trial.period.since == timedelta(days=30)


async def test_ten_thousand_cases_take_a_few_seconds(city: City, people: People) -> None:
    await file_many(city, 10_000)
    began = time.monotonic()
    trial = await tried(city, people, rule_row(5, "water", **NIGHT), hours=10_000)
    assert time.monotonic() - began < 5
    assert trial.tally.routed == 10_000
