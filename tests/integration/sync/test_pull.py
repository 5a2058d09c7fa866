"""What a phone pulls: all of it first, then what changed, tombstones, resets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from city_core.cases.accept import accept_task
from city_core.cases.cancel import cancel_report
from city_core.cases.submit import submit_report
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.sync.pull import pull_cases, pull_components
from city_core.sync.pull_dictionaries import pull_dictionaries
from city_core.sync.scopes import SyncScope
from tests.hand_clock import HandClock
from tests.integration.cases.support import DRAFT, command, dispatched
from tests.integration.sync.support import Copy, caught_up, fed
from tests.village import RESPONSIBILITY

People = dict[str, Actor]


async def test_a_task_comes_changes_and_goes(city: City, people: People) -> None:
    async with fed(city):
        case = await dispatched(city, people)
        officer = people[case["task"]["assignee_id"]]
        tasks = Copy(city, officer, SyncScope.MY_TASKS)
        await caught_up(city)
        await tasks.pull()
        assert tasks.versions() == {case["_id"]: case["version"]}
        changed = await accept_task(city, officer, case["_id"], command())
        await caught_up(city)
        await tasks.pull()
        assert tasks.versions() == {case["_id"]: changed["version"]}
        await city.database.cases.update_one({"_id": case["_id"]}, {"$set": {"task": None}})
        await caught_up(city)
        await tasks.pull()
        assert (tasks.documents, tasks.got) == ({}, [case["_id"]])
        await tasks.pull()
        assert tasks.got == []


async def test_a_first_pull_has_no_tombstones_and_comes_in_pages(city: City, people: People) -> None:
    async with fed(city):
        cases = [await submit_report(city, people["citizen-1"], command(), DRAFT) for _ in range(5)]
        await caught_up(city)
        for case in cases[:2]:
            await cancel_report(city, people["citizen-1"], case["_id"], command(), opinion="弄错了")
        await caught_up(city)
        grid = Copy(city, people["inspector-1"], SyncScope.MY_GRID)
        await grid.pull(limit=2)
        assert grid.got == [case["_id"] for case in cases[2:]]
        reports = Copy(city, people["citizen-1"], SyncScope.MY_REPORTS)
        await reports.pull(limit=2)
        assert sorted(reports.got) == sorted(case["_id"] for case in cases)


async def test_claims_of_work_are_no_news(city: City, people: People) -> None:
    async with fed(city):
        case = await submit_report(city, people["citizen-1"], command(), DRAFT)
        reports = Copy(city, people["citizen-1"], SyncScope.MY_REPORTS)
        await caught_up(city)
        await reports.pull()
        await city.database.cases.update_one({"_id": case["_id"]}, {"$inc": {"work.0.attempts": 1}})
        await city.database.cases.update_one({"_id": case["_id"]}, [{"$set": {"work": []}}])
        await caught_up(city)
        await reports.pull()
        assert reports.got == []


async def test_other_grids_another_post_or_another_epoch_ask_for_a_reset(city: City, people: People) -> None:
    async with fed(city):
        case = await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
        inspector = people["inspector-1"]
        grid = Copy(city, inspector, SyncScope.MY_GRID)
        await grid.pull()
        assert list(grid.documents) == [case["_id"]]
        grid.actor = replace(inspector, grid_ids=frozenset({"elsewhere"}))
        await grid.pull()
        assert (grid.documents, grid.resets) == ({}, 1)
        grid.actor = inspector
        await grid.pull()
        assert (list(grid.documents), grid.resets) == ([case["_id"]], 2)
        await city.database.sync_feed.update_one({}, {"$set": {"epoch": "another"}})
        await grid.pull()
        assert (list(grid.documents), grid.resets) == ([case["_id"]], 3)


async def test_a_checkpoint_of_another_person_or_scope_gives_nothing(city: City, people: People) -> None:
    async with fed(city):
        await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
        own = await pull_cases(city, people["citizen-1"], SyncScope.MY_REPORTS, checkpoint=None, limit=10)
        for who, scope in (("citizen-2", SyncScope.MY_REPORTS), ("citizen-1", SyncScope.MY_TASKS)):
            other = await pull_cases(city, people[who], scope, checkpoint=own.checkpoint, limit=10)
            assert (other.documents, other.reset_required) == ([], True)


@pytest.mark.parametrize("text", ["", "x", "AAAA", "W10", "WyJhIiwxLCJiIl0", "é", "W" * 2000])
async def test_what_is_no_checkpoint_is_refused(city: City, people: People, text: str) -> None:
    async with fed(city):
        with pytest.raises(CityProblem) as refused:
            await pull_cases(city, people["citizen-1"], SyncScope.MY_REPORTS, checkpoint=text, limit=10)
        assert refused.value.code == "CHECKPOINT_INVALID"


@pytest.mark.parametrize("limit", [0, 101])
async def test_a_page_has_1_to_100_documents(city: City, people: People, limit: int) -> None:
    with pytest.raises(CityProblem) as refused:
        await pull_components(city, people["inspector-1"], checkpoint=None, limit=limit)
    assert refused.value.code == "PAGE_INVALID"


async def test_before_the_scopes_are_made_nothing_is_given_out(city: City, people: People) -> None:
    with pytest.raises(CityProblem) as refused:
        await pull_cases(city, people["citizen-1"], SyncScope.MY_REPORTS, checkpoint=None, limit=10)
    assert (refused.value.code, refused.value.kind.retryable) == ("SYNC_NOT_READY", True)


async def test_a_checkpoint_from_before_the_oldest_tombstones_asks_for_a_reset(
    city: City, people: People
) -> None:
    clock = HandClock(city.clock.now())
    later = replace(city, clock=clock)
    await submit_report(later, people["citizen-1"], command(), DRAFT)
    async with fed(later):
        reports = Copy(later, people["citizen-1"], SyncScope.MY_REPORTS)
        await reports.pull()
    for _ in range(5):  # four weeks each, with something going on and somebody who feeds
        clock.turn(days=28)
        async with fed(later):
            await submit_report(later, people["citizen-1"], command(), DRAFT)
            await caught_up(later)
    seen = reports.checkpoint
    clock.instant -= timedelta(days=50)  # 90 days after the first pull
    await reports.pull()
    assert (reports.resets, len(reports.got)) == (0, 5)
    clock.turn(days=50)
    reports.checkpoint = seen
    await reports.pull()
    assert (reports.resets, len(reports.documents)) == (1, 6)


async def test_components_of_my_grids_come_and_go(city: City, people: People) -> None:
    code = "3703030101000001"
    component = {
        "_id": code, "type_code": "C0101", "name_zh": "上水井盖", "state": "IN_USE", "version": 1,
        "point": {"type": "Point", "coordinates": [118.055, 36.805]}, "grid_code": "370303001001001",
        "responsibility_grid_id": RESPONSIBILITY, "updated_at": city.clock.now(), "is_invented": True,
    }  # fmt: skip
    async with fed(city):
        await city.database.components.insert_one(component)
        await caught_up(city)
        pulled = await pull_components(city, people["inspector-1"], checkpoint=None, limit=10)
        assert [row["_id"] for row in pulled.documents] == [code]
        far = await pull_components(city, people["inspector-far"], checkpoint=None, limit=10)
        assert far.documents == []
        await city.database.components.update_one({"_id": code}, {"$set": {"state": "REMOVED"}})
        await caught_up(city)
        pulled = await pull_components(city, people["inspector-1"], checkpoint=pulled.checkpoint, limit=10)
        assert [(row["_id"], row["deleted"]) for row in pulled.documents] == [(code, True)]


async def test_only_the_lists_that_changed_are_given_out(city: City, people: People) -> None:
    actor = people["inspector-1"]
    first = await pull_dictionaries(city, actor, checkpoint=None, limit=1)
    assert first.has_more
    rest = await pull_dictionaries(city, actor, checkpoint=first.checkpoint, limit=10)
    assert len(first.documents + rest.documents) == 4
    same = await pull_dictionaries(city, actor, checkpoint=rest.checkpoint, limit=10)
    assert same.documents == []
    await city.database.departments.update_one({"_id": "water"}, {"$set": {"name_zh": "水务局"}})
    changed = await pull_dictionaries(city, actor, checkpoint=rest.checkpoint, limit=10)
    assert [row["_id"] for row in changed.documents] == ["DEPARTMENTS"]


async def test_a_case_that_goes_from_one_of_my_grids_to_another_is_one_document(
    city: City, people: People
) -> None:
    both = replace(people["inspector-1"], grid_ids=frozenset({RESPONSIBILITY, "far-01"}))
    grid = Copy(city, both, SyncScope.MY_GRID)
    async with fed(city):
        cases = [await submit_report(city, people["citizen-1"], command(), DRAFT) for _ in range(6)]
        await caught_up(city)
        await grid.pull()
        moved = {"$set": {"place.responsibility_grid_id": "far-01"}}
        for case in cases[:4]:
            await city.database.cases.update_one({"_id": case["_id"]}, moved)
        await caught_up(city)
        pulled = await pull_cases(city, both, SyncScope.MY_GRID, checkpoint=grid.checkpoint, limit=3)
        assert (len(pulled.documents), pulled.has_more) == (3, True)
        await grid.pull(limit=3)
        # Where a page ends between a case's leaving one grid and its coming to the other, it comes twice.
        assert set(grid.got) == {case["_id"] for case in cases[:4]}
        assert len(grid.documents) == 6


async def test_a_pull_reads_by_an_index_and_sorts_nothing(city: City, people: People) -> None:
    both = replace(people["inspector-1"], grid_ids=frozenset({RESPONSIBILITY, "far-01"}))
    async with fed(city):
        for _ in range(5):
            await submit_report(city, people["citizen-1"], command(), DRAFT)
        await caught_up(city)
    await city.database.command("profile", 2)
    await pull_cases(city, both, SyncScope.MY_GRID, checkpoint=None, limit=3)
    await city.database.command("profile", 0)
    ops = city.database["system.profile"].find({"ns": f"{city.database.name}.sync_entries"})
    seen = [(row["planSummary"].split()[0], row.get("hasSortStage", False)) async for row in ops]
    assert seen == [("IXSCAN", False)]
