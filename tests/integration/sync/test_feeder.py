"""The feed: in the order of commits, exactly once under kills, by one feeder at a time."""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import timedelta

import pytest

from city_core.cases.submit import submit_report
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.sync.feed import feed
from city_core.sync.feeder import feed_scopes
from city_core.sync.lease import Lease, LeaseLost, release_lease, take_lease
from city_core.sync.scopes import SyncScope
from tests.conftest import REPOSITORY
from tests.integration.cases.support import DRAFT, command
from tests.integration.sync.support import Copy, caught_up, fed
from tests.village import STREET
from tests.waiting import until

People = dict[str, Actor]


async def entries(city: City) -> list[Row]:
    return await city.database.sync_entries.find({}).sort("seq", 1).to_list(None)


async def feed_row(city: City) -> Row:
    row = await city.database.sync_feed.find_one({})
    assert row is not None
    return row


async def end_lease(city: City) -> None:
    """Let the lease of somebody who died run out at once."""
    ended = city.clock.now() - timedelta(seconds=1)
    await city.database.sync_feed.update_one({}, {"$set": {"leased_until": ended}})


async def test_numbers_grow_in_the_order_of_commits(city: City, people: People) -> None:
    async with fed(city):
        cases = [await submit_report(city, people["citizen-1"], command(), DRAFT) for _ in range(30)]
        await caught_up(city)
        reports = [row for row in await entries(city) if row["scope"] == "reports:citizen-1"]
        assert [row["document_id"] for row in reports] == [case["_id"] for case in cases]
        numbers = [row["seq"] for row in await entries(city)]
        assert len(set(numbers)) == len(numbers)
        assert max(numbers) <= (await feed_row(city))["seq"]


async def test_a_restart_goes_on_where_it_ended(city: City, people: People) -> None:
    reports = Copy(city, people["citizen-1"], SyncScope.MY_REPORTS)
    async with fed(city):
        await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
        await reports.pull()
    epoch = (await feed_row(city))["epoch"]
    while_away = await submit_report(city, people["citizen-1"], command(), DRAFT)
    async with fed(city):
        await reports.pull()
    assert (reports.got, reports.resets) == ([while_away["_id"]], 0)
    assert (await feed_row(city))["epoch"] == epoch


async def test_of_two_feeders_one_feeds_and_the_other_takes_over(city: City, people: People) -> None:
    first, second = (asyncio.create_task(feed_scopes(city)) for _ in range(2))
    await caught_up(city)
    reports = Copy(city, people["citizen-1"], SyncScope.MY_REPORTS)
    for leaving in (first, second):
        case = await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
        await reports.pull()
        assert reports.got == [case["_id"]]
        fence = (await feed_row(city))["fence"]
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        if leaving is first:
            assert fence == 1
    assert (await feed_row(city))["fence"] <= 4  # who leaves raises it as well


async def test_who_ends_at_any_moment_leaves_the_feed_free(city: City, people: People) -> None:
    for moment in range(60):
        leaving = asyncio.create_task(feed_scopes(city))
        await asyncio.wait([leaving], timeout=moment / 10_000)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        next_one = await take_lease(city, "next")
        assert next_one is not None, f"held by who left after {moment / 10} ms"
        await release_lease(city, next_one)


async def test_who_lost_the_lease_changes_nothing(city: City, people: People) -> None:
    async with fed(city):
        pass
    slow = await take_lease(city, "slow")
    assert slow is not None
    assert await take_lease(city, "other") is None
    await end_lease(city)
    other = await take_lease(city, "other")
    assert other is not None and other.fence == slow.fence + 1
    case = await submit_report(city, people["citizen-1"], command(), DRAFT)
    before = await feed_row(city)
    with pytest.raises(LeaseLost):
        await feed(city, slow, {"cases": [case["_id"]]}, {})
    assert await city.database.sync_entries.find_one({"document_id": case["_id"]}) is None
    assert await feed_row(city) == before
    await release_lease(city, Lease("slow", slow.fence))
    assert await take_lease(city, "third") is None


async def test_entries_of_an_earlier_scheme_are_made_anew(city: City, people: People) -> None:
    async with fed(city):
        case = await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
    before = await feed_row(city)
    await city.database.sync_entries.delete_many({"scope": {"$regex": "^street:"}})
    await city.database.sync_feed.update_one({}, {"$unset": {"scheme": 1}})

    async def begun_anew() -> bool:
        row = await feed_row(city)
        return row["epoch"] != before["epoch"] and row["is_complete"]

    task = asyncio.create_task(feed_scopes(city))
    await until(begun_anew, "another epoch")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    scopes = {row["scope"] for row in await entries(city) if row["document_id"] == case["_id"]}
    assert {"reports:citizen-1", f"street:{STREET}"} <= scopes
    again = await feed_row(city)
    async with fed(city):
        assert (await feed_row(city))["epoch"] == again["epoch"]


async def test_a_history_that_is_lost_leads_to_a_new_epoch(city: City, people: People) -> None:
    reports = Copy(city, people["citizen-1"], SyncScope.MY_REPORTS)
    async with fed(city):
        gone = await submit_report(city, people["citizen-1"], command(), DRAFT)
        kept = await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
        await reports.pull()
    before = await feed_row(city)
    long_ago = {"_data": f"825E000000{before['token']['_data'][10:]}"}
    await city.database.sync_feed.update_one({}, {"$set": {"token": long_ago}})
    await city.database.cases.delete_one({"_id": gone["_id"]})

    async def begun_anew() -> bool:
        row = await feed_row(city)
        return row["epoch"] != before["epoch"] and row["is_complete"]

    task = asyncio.create_task(feed_scopes(city))
    await until(begun_anew, "another epoch")
    await caught_up(city)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await reports.pull()
    assert (list(reports.documents), reports.resets) == ([kept["_id"]], 1)
    assert await city.database.sync_entries.find_one({"document_id": gone["_id"]}) is None


async def test_feeders_that_are_killed_lose_nothing_and_feed_nothing_twice(
    city: City, people: People
) -> None:
    chance = random.Random(4)
    reports = Copy(city, people["citizen-1"], SyncScope.MY_REPORTS)
    seen: list[str] = []
    url = city.settings.mongodb_url
    written: list[str] = []

    async def report() -> None:
        for _ in range(150):
            case = await submit_report(city, people["citizen-1"], command(), DRAFT)
            written.append(case["_id"])

    writing = asyncio.create_task(report())
    for _ in range(4):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.integration.sync.feeder_process", url, cwd=REPOSITORY
        )
        fed_before = (await city.database.sync_feed.find_one({}) or {}).get("seq", 0)
        more = chance.randrange(1, 25)

        async def some_more(start: int = fed_before, wanted: int = more) -> bool:
            row = await city.database.sync_feed.find_one({})
            return row is not None and (row["seq"] >= start + wanted or writing.done())

        await until(some_more, "some changes to be fed")
        process.kill()
        await process.wait()
        await end_lease(city)
    await writing
    async with fed(city):
        await reports.pull(limit=7)
        seen += reports.got
        await caught_up(city)
        await reports.pull()
        assert reports.got == []
    assert sorted(seen) == sorted(written)
    own = [row["document_id"] for row in await entries(city) if row["scope"] == "reports:citizen-1"]
    assert own == written
