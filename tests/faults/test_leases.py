"""Leases: whoever was paused for longer than theirs writes nothing; what runs twice is done once."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from city_core.bootstrap import STORED_SHAPES, WORK_COLLECTIONS
from city_core.kit.city import City
from city_core.kit.faults import armed
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.kit.work import overdue
from city_core.notify.adapters.log import LogPushGateway
from city_core.places.registries.imports import KIND, ImportAsked, begin_import
from city_core.places.registries.model import IMPORTS
from city_workers.duties import DUTIES
from city_workers.jobs import handlers_with
from tests.faults import deeds
from tests.faults.givens import ended_case
from tests.faults.points import later
from tests.hand_clock import HandClock
from tests.registry_town import component, found_town, write_csv
from tests.village import found_village

HANDLERS = handlers_with(LogPushGateway())


async def asked_for(city: City, folder: Path, **more: object) -> Wake:
    """Ask for an import of two components, the second one as given."""
    path = write_csv(folder / f"{uuid.uuid4().hex}.csv", [component(1), component(2, **more)])

    async def pieces():  # type: ignore[no-untyped-def]
        yield path.read_bytes()

    import_id = uuid.uuid4().hex
    await begin_import(city, "operator", import_id, ImportAsked("components", path.name), pieces())
    return Wake(KIND, IMPORTS, import_id, KIND, city.clock.now())


async def second(city: City) -> Row:
    """Read the second component."""
    row = await city.database.components.find_one({"_id": "3703030102000002"})
    assert row is not None
    return row


async def looked_at(city: City) -> None:
    """Let somebody have looked at the second component: it has another version, and is as it was."""
    change = {"seq": 2, "kind": "CHECKED", "person_id": "inspector-1", "before": {}, "after": {}}
    await city.database.components.update_one(
        {"_id": "3703030102000002"}, {"$inc": {"version": 1}, "$push": {"history": change}}
    )


@pytest.mark.parametrize("point", ["import.rows_read", "import.batch_written"])
async def test_an_import_that_was_paused_for_too_long_puts_no_old_rows_over_newer_ones(
    city: City, tmp_path: Path, point: str
) -> None:
    await found_town(city)
    assert await perform(city, HANDLERS, await asked_for(city, tmp_path))
    old = await asked_for(city, tmp_path, ObjState="破损")

    async def others_go_on() -> None:
        after = later(city, city.settings.work_lease_seconds + 5)
        await looked_at(city)
        assert await perform(after, HANDLERS, old), "another process takes it over"
        newer = await asked_for(after, tmp_path, ObjState="废弃")
        assert await perform(after, HANDLERS, newer)

    with armed(point, others_go_on):
        await perform(city, HANDLERS, old)
    states = [change["after"].get("state") for change in (await second(city))["history"]]
    assert [state for state in states if state] == ["DAMAGED", "ABANDONED"], "each file once, in its order"
    assert await city.database[IMPORTS].count_documents({"state": "DONE", "work": []}) == 3


async def test_duties_that_two_processes_do_at_once_are_done_once(city: City) -> None:
    people = await found_village(city)
    for _ in range(5):
        await ended_case(city, people, Path())
    await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    turned = replace(city, clock=HandClock(city.clock.now()))
    await asyncio.gather(*(duty.do(turned) for duty in DUTIES for _ in range(2)))
    assert await city.database.cases.count_documents({"tally_due": True}) == 0
    rows = await city.database.case_tallies.find({}).to_list(None)
    assert rows and {tuple(row["n"].values()) for row in rows} == {(5,)}


def test_every_document_that_can_hold_work_is_swept() -> None:
    holding = {shape.Settings.name for shape in STORED_SHAPES if "work" in shape.model_fields}
    assert holding == set(WORK_COLLECTIONS)


async def test_work_that_nobody_was_woken_for_is_found_within_a_sweep_and_a_half(city: City) -> None:
    await found_village(city)
    case = await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    sweep = city.settings.work_sweep_seconds
    found = await overdue(later(city, sweep / 2 + 0.1), "cases", ["triage"], 9)
    assert [wake.owner_id for wake in found] == [case["_id"]]
