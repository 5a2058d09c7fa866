"""What somebody is not shown they cannot write back: a masked value never takes the place of the real one."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from city_core.census.rights import refuse_other_grid, refuse_other_street
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.phones import checked_phone
from city_core.people.roles import Actor, Role
from city_core.places.elements.change import ElementChange, GivenChange, change_element
from city_core.places.registries.export import ExportAsked, csv_of
from city_core.places.registries.imports import ImportAsked
from city_core.policy.kinds import Kind, Verb
from city_core.policy.may import may
from city_core.privacy.holder import MASKED_PHONE
from city_core.rules.registry_keepers import sight_of_taker
from city_workers.import_places import bring_in_file
from tests.integration.policy.things import NOW, STREETS, some_actor, some_thing
from tests.registry_town import STREET, WEST, found_town, write_csv

GRID = f"{WEST}001"
_ADMINISTRATOR = Actor("administrator-1", Role.ADMINISTRATOR)
_MASKED = [MASKED_PHONE, "*34", "138****0001", "1380000****", "＊＊＊"]
Writes = Callable[[Actor, Row], bool]


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except CityProblem:
        return False
    return True


_WRITERS: list[tuple[str, str, Writes]] = [
    (Kind.COMPONENT, Verb.READ, lambda actor, row: _passes(
        lambda: refuse_other_grid(actor, row["responsibility_grid_id"], field=""))),
    (Kind.COMPONENT, Verb.READ, lambda actor, row: _passes(
        lambda: refuse_other_street(actor, row["street_code"], field=""))),
    (Kind.GRID_ELEMENT, Verb.READ, lambda actor, row: may(actor, Verb.CHANGE, Kind.GRID_ELEMENT, row)),
    (Kind.CASE, Verb.READ, lambda actor, row: may(actor, Verb.HANDLE, Kind.CASE, row)),
    (Kind.EYE_EVENT, Verb.READ, lambda actor, row: may(actor, Verb.DECIDE, Kind.EYE_EVENT, row)),
    (Kind.RULEBOOK, Verb.READ, lambda actor, row: may(actor, Verb.KEEP, Kind.RULEBOOK, row)),
]  # fmt: skip


def test_whoever_may_write_a_thing_reads_it_in_full() -> None:
    chance = random.Random(7)
    rows = [some_thing(chance, number) for number in range(60)]
    actors = [some_actor(chance, role) for role in Role if role is not Role.SYSTEM for _ in range(6)]
    for kind, verb, writes in _WRITERS:
        written = 0
        for actor in actors:
            for row in rows:
                if writes(actor, row):
                    written += 1
                    assert may(actor, verb, kind, row, now=NOW), (kind, actor, row)
        assert written, kind


@pytest.mark.parametrize("masked", _MASKED)
def test_a_masked_phone_is_no_phone(masked: str) -> None:
    with pytest.raises(CityProblem, match="PHONE_INVALID"):
        checked_phone(masked)


@pytest.fixture
async def town(city: City, tmp_path: Path) -> City:
    """A town with two people and a piece of land in one grid, and a point with a number to ring up."""
    await found_town(city)
    people = [
        {"kind": "人", "code": code, "name_zh": name, "grid_code": GRID, "category": "关爱", "note": "独居"}
        for code, name in (("p1", "张三"), ("p2", "李四"))
    ]
    land = {"kind": "地", "code": "l1", "name_zh": "空地", "grid_code": GRID, "category": "", "note": "闲置"}
    await brought(city, tmp_path, "grid_elements", [*people, land])
    toilet = {"layer": "toilet", "code": "T1", "name_zh": "公厕", "phone": "05332100001", "lng": 118.052,
              "lat": 36.803}  # fmt: skip
    await brought(city, tmp_path, "points", [toilet])
    return city


async def brought(city: City, folder: Path, registry: str, rows: list[Row], **more: Any) -> Row:
    file = write_csv(folder / f"{registry}.csv", rows)
    return await bring_in_file(city, file, ImportAsked(registry, file.name, **more))


async def elements(city: City) -> dict[str, Row]:
    return {row["_id"]: row async for row in city.database.grid_elements.find({}, {"history": 0})}


async def test_what_an_export_left_out_is_neither_emptied_nor_retired_when_it_comes_back(
    town: City, tmp_path: Path
) -> None:
    before = await elements(town)
    asked = ExportAsked("grid_elements", "csv", sight_of_taker(_ADMINISTRATOR))
    file = tmp_path / "back.csv"
    file.write_bytes(b"".join([piece async for piece in csv_of(town, asked)]))
    assert "空地" in file.read_text() and "张三" not in file.read_text()
    done = await bring_in_file(town, file, ImportAsked("grid_elements", file.name, retire_missing=True))
    assert (done["unchanged"], done["changed"], done["retired"]) == (1, 0, 0)
    assert await elements(town) == before


async def test_a_blank_in_place_of_what_is_not_shown_leaves_what_is_on_record(
    town: City, tmp_path: Path
) -> None:
    before = await elements(town)
    row = {"kind": "人", "code": "p1", "name_zh": "张三", "grid_code": GRID, "category": "", "note": ""}
    done = await brought(town, tmp_path, "grid_elements", [row], retire_missing=True)
    assert (done["unchanged"], done["kept"], done["retired"]) == (1, 1, 0)
    assert [told["field"] for told in done["bad_rows"]] == ["category, note"]
    assert await elements(town) == before
    said = {**row, "note": "搬走前请再走访"}
    assert (await brought(town, tmp_path, "grid_elements", [said]))["changed"] == 1
    after = (await elements(town))["PERSON:p1"]
    assert (after["note"], after["category"]) == ("搬走前请再走访", "关爱")
    land = {"kind": "地", "code": "l1", "name_zh": "空地", "grid_code": GRID, "category": "", "note": ""}
    assert (await brought(town, tmp_path, "grid_elements", [land]))["changed"] == 1  # they read this one
    assert (await elements(town))["LAND:l1"]["note"] == ""


async def test_a_masked_number_in_a_file_is_refused_and_the_real_one_stays(
    town: City, tmp_path: Path
) -> None:
    row = {"layer": "toilet", "code": "T1", "name_zh": "新名", "lng": 118.052, "lat": 36.803}
    for masked in _MASKED:
        done = await brought(town, tmp_path, "points", [{**row, "phone": masked}])
        assert (done["refused"], [told["field"] for told in done["bad_rows"]]) == (1, ["phone"])
        kept = await town.database.points.find_one({"_id": "toilet:T1"})
        assert kept is not None and (kept["phone"], kept["name_zh"]) == ("05332100001", "公厕")


async def test_what_a_change_does_not_name_stays(town: City) -> None:
    seat = Actor("acceptor-1", Role.ACCEPTOR, street_codes=frozenset({STREET, *STREETS}))
    given = GivenChange(ElementChange.CHANGE, "PERSON:p1", name_zh="张三丰")
    after = await change_element(town, seat, "3d0c7a5e-0000-4000-8000-000000000001", given)
    assert (after["name_zh"], after["category"], after["note"]) == ("张三丰", "关爱", "独居")
    far = Actor("inspector-far", Role.INSPECTOR, grid_ids=frozenset({"far-01"}))
    with pytest.raises(CityProblem, match="ELEMENT_UNKNOWN"):
        await change_element(town, far, "3d0c7a5e-0000-4000-8000-000000000002", given)
