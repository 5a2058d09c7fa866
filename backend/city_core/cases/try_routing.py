"""Tries a draft of the routing rules (试运行) on cases that were filed before; nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from city_core.cases.route_case import open_facts
from city_core.cases.routing_book import ROUTING_BOOK, ROUTING_TABLE
from city_core.cases.routing_queries import KEEPERS_OF_ROUTING, check_post
from city_core.cases.routing_rules import RoutingRules
from city_core.cases.routing_trial import Contest, Tally
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules, versions_in_force
from city_core.kit.rulebook.tables import Fault, read_csv
from city_core.people.queries import departments
from city_core.people.roles import Actor

USUAL_PERIOD = timedelta(days=30)
MOST_CASES = 60_000
_BATCH = 500  # others have their turn after each
_FIELDS = {
    "number": 1, "type_code": 1, "condition_id": 1, "source": 1, "filed_at": 1, "place.street_code": 1,
    "place.community_code": 1, "place.grid_code": 1, "place.area_class": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """From one instant up to, and without, another."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Trial:
    """What became of a trial: the counts, or what is wrong with the draft.

    `next_since` is where to go on when there were more cases than one trial takes.
    """

    period: Period
    version: int
    tally: Tally
    faults: list[Fault]
    next_since: datetime | None = None


async def try_routing(
    city: City, actor: Actor, csv: str, *, since: datetime | None = None, until: datetime | None = None
) -> Trial:
    """Show how a draft would have routed the cases filed in a time, against the rules now in force.

    For the keeper of the rules, who may see no case: what comes back are counts, and of a few cases their
    number, type and street, without text, photo, point, grid or person. That much is needed to judge a rule,
    and the number opens nothing more, as every read of a case goes through its visibility.
    The hour of a case is that of its filing. Cases go by in batches, at most 60,000 a trial.
    """
    check_post(actor, KEEPERS_OF_ROUTING)
    period = _checked_period(city, since, until)
    versions = await versions_in_force(city)
    opened = await open_rules(city, ROUTING_BOOK, versions.get(ROUTING_BOOK.name, 0))
    draft, faults = await _read_draft(city, csv)
    if draft is None:
        return Trial(period, opened.version, Tally(), faults)
    contest = Contest(opened.rules, draft, opened.version, await departments(city))
    finder = await open_facts(city, versions)
    tally, last = Tally(), None
    async for case in _cases_filed(city, period):
        filed_at = case["filed_at"]
        if tally.routed >= MOST_CASES and filed_at != last:
            return Trial(period, opened.version, tally, [], filed_at)
        contest.try_on(tally, case, finder.facts_of(case, filed_at))
        last = filed_at
    return Trial(period, opened.version, tally, [])


def _checked_period(city: City, since: datetime | None, until: datetime | None) -> Period:
    end = until or city.clock.now()
    begin = since or end - USUAL_PERIOD
    for name, instant in (("since", begin), ("until", end)):
        if instant.tzinfo is None:
            raise CityProblem("PERIOD_INVALID", field=name, allowed="an instant with its offset from UTC")
    if begin >= end:
        raise CityProblem("PERIOD_INVALID", field="since", allowed="an instant before `until`")
    return Period(begin, end)


async def _read_draft(city: City, csv: str) -> tuple[RoutingRules | None, list[Fault]]:
    read = read_csv(ROUTING_TABLE, csv)
    content: Mapping[str, list[Row]] = {ROUTING_TABLE.name: read.rows}
    faults = read.faults or ROUTING_BOOK.check(content) or await ROUTING_BOOK.check_in_city(city, content)
    return (None, faults) if faults else (ROUTING_BOOK.compile(content), [])


async def _cases_filed(city: City, period: Period) -> AsyncIterator[Row]:
    """Give the cases filed in a time, oldest first, a batch at a time; others have their turn in between."""
    begin: Row = {"$gte": period.since}
    behind: list[Row] = []
    while True:
        query = {"filed_at": {**begin, "$lt": period.until, "$type": "date"}, "type_code": {"$ne": None}}
        cursor = city.database.cases.find({"$and": [query, *behind]}, _FIELDS)
        rows = await cursor.sort([("filed_at", 1), ("_id", 1)]).limit(_BATCH).to_list(_BATCH)
        for row in rows:
            yield row
        if len(rows) < _BATCH:
            return
        last = rows[-1]
        begin = {"$gte": last["filed_at"]}
        behind = [{"$or": [{"filed_at": {"$gt": last["filed_at"]}}, {"_id": {"$gt": last["_id"]}}]}]
        await asyncio.sleep(0)
