"""Files are brought into the registries of a town on a real mongod: once, again, changed, broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.faults import armed
from city_core.kit.geo import from_wgs84
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.kit.work import Claim, claim
from city_core.places.registries import bring_in
from city_core.places.registries.imports import (
    KIND,
    ImportAsked,
    begin_import,
    find_import,
    sweep_import_files,
)
from city_core.places.registries.model import FILES, IMPORTS
from city_workers.import_places import bring_in_file, write_report
from tests.registry_town import (
    EAST,
    OUTSIDE,
    STREET,
    WEST,
    component,
    found_town,
    spread,
    write_csv,
    write_geojson,
)
from tests.waiting import until


@pytest.fixture
async def town(city: City) -> City:
    await found_town(city)
    return city


async def imported(city: City, file: Path, registry: str = "components", **more: Any) -> Row:
    """Bring a file in, as the operator does."""
    return await bring_in_file(city, file, ImportAsked(registry, file.name, **more))


def counts(done: Row) -> tuple[int, int, int, int]:
    return done["new"], done["changed"], done["unchanged"], done["refused"]


async def test_components_come_in_with_their_places_and_come_again_without_a_change(
    town: City, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "c.csv", spread(2_500))
    first = await imported(town, file)
    assert (first["state"], counts(first)) == ("DONE", (2_500, 0, 0, 0)), first["bad_rows"][:3]
    assert first["rows_total"] == first["rows_done"] == 2_500
    row = await town.database.components.find_one({"_id": "3703030102000001"})
    assert row["type_code"] == "C0102" and row["street_code"] == STREET and row["state"] == "IN_USE"
    assert row["data_source"] == "SURVEYED" and row["installed_on"] == "2020-01-01"
    assert row["given"]["datum"] == "CGCS2000" and isinstance(row["cell"], int)
    assert [entry["kind"] for entry in row["history"]] == ["IMPORTED"]
    again = await imported(town, file)
    assert counts(again) == (0, 0, 2_500, 0)
    assert await town.database.components.count_documents({"version": {"$ne": 1}}) == 0
    assert await town.database[f"{FILES}.files"].count_documents({}) == 0


async def test_what_differs_is_one_write_with_version_and_history(town: City, tmp_path: Path) -> None:
    await imported(town, write_csv(tmp_path / "a.csv", [component(1), component(2)]))
    await town.database.components.update_many({}, {"$set": {"is_counted": True}})
    moved = component(2, lng=118.065, ObjState="破损")
    done = await imported(town, write_geojson(tmp_path / "b.geojson", [component(1), moved]))
    assert counts(done) == (0, 1, 1, 0)
    row = await town.database.components.find_one({"_id": "3703030102000002"})
    assert row["version"] == 2 and row["state"] == "DAMAGED" and row["grid_code"] == f"{EAST}002"
    change = row["history"][-1]
    assert change["before"]["state"] == "IN_USE" and change["after"]["state"] == "DAMAGED"
    assert change["before"]["grid_code"] == f"{WEST}002" and change["import_id"] == done["_id"]
    assert change["person_id"] == "operator"
    assert row["is_counted"] is False


async def test_a_grid_that_ends_tomorrow_takes_nothing_more(town: City, tmp_path: Path) -> None:
    tomorrow = (town.clock.now() + timedelta(days=2)).date().isoformat()
    old, new = f"{WEST}002", f"{WEST}102"
    grid = await town.database.unit_grids.find_one({"_id": old})
    assert grid is not None
    await town.database.unit_grids.insert_one({**grid, "_id": new, "valid_from": tomorrow})
    await town.database.unit_grids.update_one({"_id": old}, {"$set": {"valid_to": tomorrow}})
    stated = component(2, lng=118.054, lat=36.804, BGID=old)
    done = await imported(town, write_csv(tmp_path / "c.csv", [component(1, lng=118.055, BGID=""), stated]))
    assert counts(done) == (2, 0, 0, 0), done["bad_rows"]
    assert await town.database.components.distinct("grid_code") == [new]


async def test_a_file_in_another_datum_means_the_same_places(town: City, tmp_path: Path) -> None:
    await imported(town, write_csv(tmp_path / "a.csv", [component(1)]))
    lng, lat = from_wgs84((118.055, 36.805), "GCJ02")
    done = await imported(
        town, write_csv(tmp_path / "b.csv", [component(1, lng=lng, lat=lat)]), datum="GCJ02"
    )
    assert counts(done) == (0, 0, 1, 0)


async def test_bad_rows_are_told_one_by_one_and_the_others_come_in(town: City, tmp_path: Path) -> None:
    rows = [
        component(1),
        component(1),
        component(2, lng=36.805, lat=118.055),
        component(3, DeptCode1="nobody"),
    ]
    done = await imported(town, write_csv(tmp_path / "c.csv", rows))
    assert counts(done) == (1, 0, 0, 3)
    told = [(fault["row"], fault["field"]) for fault in done["bad_rows"]]
    assert told == [(3, "code"), (4, "geometry"), (5, "authority_department_id")]
    write_report(done, tmp_path / "bad.csv")
    assert "顺序颠倒" in (tmp_path / "bad.csv").read_text("utf-8-sig")


async def test_a_dry_run_writes_nothing(town: City, tmp_path: Path) -> None:
    done = await imported(town, write_csv(tmp_path / "c.csv", spread(10)), dry_run=True)
    assert counts(done) == (10, 0, 0, 0)
    assert await town.database.components.count_documents({}) == 0


async def test_what_the_file_lacks_is_retired_only_where_the_file_is_about(
    town: City, tmp_path: Path
) -> None:
    other_type = component(7) | {"ObjID": "3703030101000007"}
    await imported(town, write_csv(tmp_path / "a.csv", [component(1), component(2), other_type]))
    await town.database.components.update_many({}, {"$set": {"is_counted": True}})
    done = await imported(town, write_csv(tmp_path / "b.csv", [component(1)]), retire_missing=True)
    assert (counts(done), done["retired"]) == ((0, 0, 1, 0), 1)
    states = {row["_id"]: row["state"] async for row in town.database.components.find({}, {"state": 1})}
    assert states == {
        "3703030102000001": "IN_USE", "3703030102000002": "REMOVED", "3703030101000007": "IN_USE",
    }  # fmt: skip
    assert await town.database.components.distinct("_id", {"is_counted": False}) == ["3703030102000002"]


async def _piece(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        yield source.read()


async def test_a_broken_off_import_goes_on_where_it_was(town: City, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", spread(3_000))
    import_id = new_id()
    await begin_import(town, "administrator-1", import_id, ImportAsked("components"), _piece(file))
    held = await claim(town, Wake(KIND, IMPORTS, import_id, KIND, town.clock.now()))
    assert held is not None
    working = asyncio.create_task(bring_in.bring_in(town, held, OUTSIDE))

    async def begun() -> bool:
        return bool((await find_import(town, import_id))["rows_done"])

    await until(begun)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    halfway = await find_import(town, import_id)
    assert halfway["state"] == "RUNNING" and halfway["rows_done"] < 3_000
    # The lease of whoever was killed ends.
    free = {"$set": {"work.0.due_at": town.clock.now() - timedelta(seconds=1)}}
    await town.database[IMPORTS].update_one({"_id": import_id}, free)
    next_one = await claim(town, Wake(KIND, IMPORTS, import_id, KIND, town.clock.now()))
    assert next_one is not None and await bring_in.bring_in(town, next_one, OUTSIDE)
    done = await find_import(town, import_id)
    assert (done["state"], counts(done)) == ("DONE", (3_000, 0, 0, 0))
    assert await town.database.components.count_documents({"version": 1, "history": {"$size": 1}}) == 3_000


async def test_whoever_lost_the_lease_writes_no_progress(town: City, tmp_path: Path) -> None:
    import_id = new_id()
    file = write_csv(tmp_path / "c.csv", spread(5))
    await begin_import(town, "administrator-1", import_id, ImportAsked("components"), _piece(file))
    wake = Wake(KIND, IMPORTS, import_id, KIND, town.clock.now())
    late = await claim(town, wake)
    assert late is not None
    await town.database[IMPORTS].update_one({"_id": import_id}, {"$set": {"work.0.token": "other"}})
    assert not await bring_in.bring_in(town, late, OUTSIDE)
    assert (await find_import(town, import_id))["state"] == "WAITING"
    assert await bring_in.give_up(town, late)
    assert (await find_import(town, import_id))["state"] == "WAITING"


async def test_whoever_lost_the_lease_leaves_the_file_to_the_next(town: City, tmp_path: Path) -> None:
    import_id = new_id()
    file = write_csv(tmp_path / "c.csv", spread(2_000))
    await begin_import(town, "administrator-1", import_id, ImportAsked("components"), _piece(file))
    wake = Wake(KIND, IMPORTS, import_id, KIND, town.clock.now())
    first = await claim(town, wake)
    assert first is not None
    taken: list[Claim | None] = []

    async def lose_the_lease() -> None:
        free = {"$set": {"work.0.due_at": town.clock.now() - timedelta(seconds=1)}}
        await town.database[IMPORTS].update_one({"_id": import_id}, free)
        taken.append(await claim(town, wake))

    with armed("import.batch_written", lose_the_lease):
        assert await bring_in.bring_in(town, first, OUTSIDE)
    [second] = taken
    assert second is not None
    assert await town.database[f"{FILES}.files"].count_documents({}) == 1
    assert await bring_in.bring_in(town, second, OUTSIDE)
    done = await find_import(town, import_id)
    assert (done["state"], counts(done)) == ("DONE", (2_000, 0, 0, 0))


async def test_a_repeat_is_the_same_import_and_another_file_is_refused(town: City, tmp_path: Path) -> None:
    import_id, asked = new_id(), ImportAsked("components")
    file = write_csv(tmp_path / "c.csv", spread(3))
    first = await begin_import(town, "administrator-1", import_id, asked, _piece(file))
    again = await begin_import(town, "administrator-1", import_id, asked, _piece(file))
    assert again["file_id"] == first["file_id"]
    assert await town.database[f"{FILES}.files"].count_documents({}) == 1
    other = write_csv(tmp_path / "d.csv", spread(4))
    with pytest.raises(CityProblem) as refused:
        await begin_import(town, "administrator-1", import_id, asked, _piece(other))
    assert refused.value.code == "COMMAND_REUSED"


async def test_a_file_that_cannot_be_read_writes_nothing(town: City, tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "c.geojson", spread(1_500))
    file.write_bytes(file.read_bytes()[:-200])
    done = await imported(town, file)
    assert done["state"] == "FAILED" and "JSON" in done["failure"]["en"]
    assert await town.database.components.count_documents({}) == 0


async def test_files_that_became_no_import_are_swept(town: City, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", spread(3))
    await begin_import(town, "administrator-1", new_id(), ImportAsked("components"), _piece(file))
    await begin_import(town, "administrator-1", new_id(), ImportAsked("components"), _piece(file))
    await town.database[IMPORTS].delete_one({})
    old = {"$set": {"uploadDate": town.clock.now() - timedelta(days=2)}}
    await town.database[f"{FILES}.files"].update_many({}, old)
    assert await sweep_import_files(town) == 1
