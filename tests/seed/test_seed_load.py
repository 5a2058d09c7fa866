"""Loading into a real MongoDB: complete, repeatable, and careful with what people changed."""

from __future__ import annotations

import base64
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import ServerSelectionTimeoutError

from city_core.bootstrap import open_city
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.catalogue.catalogue import CATALOGUE_BOOK, catalogue_of
from city_core.kit.city import City
from city_core.kit.rulebook.store import content_of, open_rules, versions_in_force
from city_core.kit.waking import QuietWaker
from city_core.people.model import Department, Person
from city_core.people.passwords import password_fits
from city_core.places.components.model import Component
from city_core.places.elements.model import GridElement
from city_core.places.locate import GivenPoint, locate
from city_core.places.model import Division, ResponsibilityGrid, UnitGrid
from city_core.places.points.model import PlacePoint
from city_core.settings import Settings
from city_demo.embedded import EmbeddedMongod
from city_seed import load as seed
from city_seed.display import Silent
from city_seed.people import STAFF_PASSWORD
from city_seed.reference import REFERENCE_FOLDER, BadReference
from city_seed.store import Counted
from tests.rulebooks import put_in_force

TOTALS = {
    "departments": 42,
    "divisions": 87,
    "unit_grids": 1_466,
    "responsibility_grids": 146,
    "components": 146 * 12,
    "grid_elements": 146 * 3,
    "points": 2_000,
    "people": 337,
}
RULES = {
    "rungs": 12,
    "work_hours": 2,
    "days": 75,
    "years": 4,
    "seasons": 2,
    "standards": 3,
    "case_types": 202 + 403 + 11,
    "filing_conditions": 179,
    "default_limits": 2,
    "modules": 3,
    "module_types": 43 + 45 + 5,
    "routing_rules": 3,
    "profiles": 2,
    "profile_limits": 12,
    "profile_routes": 7,
}
SHAPES = (Department, Division, UnitGrid, ResponsibilityGrid, Component, GridElement, PlacePoint, Person)
KEY = base64.b64encode(os.urandom(32)).decode()


def settings_for(url: str, database: str = "seed_test") -> Settings:
    return Settings.model_validate(
        {
            "mongodb_url": url,
            "mongodb_database": database,
            "token_private_key": KEY,
            "environment": "development",
        }
    )


@pytest.fixture(scope="module")
def mongod_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedMongod(tmp_path_factory.mktemp("seed-mongod")) as server:
        yield server.url


@pytest.fixture
async def city(mongod_url: str) -> AsyncIterator[City]:
    settings = settings_for(mongod_url)
    async with open_city(settings, app_name="seed-test", waker=QuietWaker()) as opened:
        await opened.database.client.drop_database(settings.mongodb_database)
    async with open_city(settings, app_name="seed-test", waker=QuietWaker()) as opened:
        yield opened


async def load(city: City) -> dict[str, Counted]:
    return {row.table: row for row in await seed.load_into(city, seed.prepare(), Silent())}


async def test_the_first_load_writes_everything_and_the_second_nothing(city: City) -> None:
    began = time.monotonic()
    first = await load(city)
    assert time.monotonic() - began < 10
    # Calendar, default limits and kinds of emergencies hold in some form before anything is loaded.
    assert {table: row.total for table, row in first.items()} == {**TOTALS, **RULES}
    second = await load(city)
    assert {table: row.unchanged for table, row in second.items()} == {**TOTALS, **RULES}
    assert all(row.new == row.changed == row.refused == 0 for row in second.values())
    stored = {table: await city.database[table].count_documents({}) for table in TOTALS}
    assert stored == TOTALS
    assert await versions_in_force(city) == {
        "calendar": 1, "catalogue": 1, "emergency_profiles": 1, "reaching": 1, "routing": 1,
    }  # fmt: skip


async def test_every_stored_row_is_a_document_of_its_shape(city: City) -> None:
    await load(city)
    for shape in SHAPES:
        documents = await shape.find_all().to_list()
        assert len(documents) == TOTALS[shape.get_collection_name()]


async def test_what_people_changed_since_is_kept(city: City) -> None:
    await load(city)
    changed = {"phone": "19905339999", "on_duty": False, "password_hash": "their own", "language": "en"}
    await city.database.people.update_one({"_id": "inspector-001"}, {"$set": changed})
    await city.database.people.delete_one({"_id": "citizen-001"})
    counts = await load(city)
    assert (counts["people"].new, counts["people"].unchanged) == (1, 336)
    kept = await city.database.people.find_one({"_id": "inspector-001"})
    assert kept is not None
    assert {field: kept[field] for field in changed} == changed


async def test_points_that_people_changed_since_are_kept(city: City) -> None:
    await load(city)
    changed = {"state": "CLOSED", "version": 2, "name_zh": "改过的"}
    await city.database.points.update_one({"_id": "toilet:0001"}, {"$set": changed})
    await city.database.points.delete_one({"_id": "camera:0340"})
    counts = await load(city)
    assert (counts["points"].new, counts["points"].unchanged) == (1, 1_999)
    kept = await city.database.points.find_one({"_id": "toilet:0001"})
    assert kept is not None
    assert {field: kept[field] for field in changed} == changed


async def test_reference_rows_are_put_right_and_counted(city: City) -> None:
    await load(city)
    await city.database.departments.update_one({"_id": "gas"}, {"$set": {"name_zh": "别的"}})
    await city.database.departments.delete_one({"_id": "power"})
    await city.database.departments.insert_one(
        {"_id": "own", "name_zh": "x", "name_en": "x", "answers_for": []}
    )
    departments = (await load(city))["departments"]
    assert (departments.new, departments.changed, departments.unchanged) == (1, 1, 40)
    restored = await city.database.departments.find_one({"_id": "gas"})
    assert restored is not None and restored["name_zh"] == "燃气公司"
    assert await city.database.departments.count_documents({"_id": "own"}) == 1


async def test_rows_with_a_history_were_changed_in_the_city_and_are_kept(city: City) -> None:
    await load(city)
    grid = await city.database.unit_grids.find_one({})
    change = {"valid_to": "2026-05-01", "history": [{"kind": "ENDED"}]}
    await city.database.unit_grids.update_one({"_id": grid["_id"]}, {"$set": change})
    assert (await load(city))["unit_grids"].changed == 0
    assert (await city.database.unit_grids.find_one({"_id": grid["_id"]}))["valid_to"] == "2026-05-01"


async def test_rules_are_published_only_where_they_differ(city: City) -> None:
    await load(city)
    content = dict(await content_of(city, CATALOGUE_BOOK, 1))
    content["case_types"] = [
        {**row, "name_zh": "别的"} if row["code"] == "E0110" else row for row in content["case_types"]
    ]
    content["filing_conditions"] = [row for row in content["filing_conditions"] if row["id"] != "E0110-1"]
    assert await put_in_force(city, CATALOGUE_BOOK, content) == 2
    counts = await load(city)
    types, conditions = counts["case_types"], counts["filing_conditions"]
    assert (types.new, types.changed, types.unchanged) == (0, 1, 615)
    assert (conditions.new, conditions.changed, conditions.unchanged) == (1, 0, 178)
    assert await versions_in_force(city) == {
        "calendar": 1, "catalogue": 3, "emergency_profiles": 1, "reaching": 1, "routing": 1,
    }  # fmt: skip
    catalogue = (await catalogue_of(city)).rules
    assert (catalogue.types["E0110"]["name_zh"], len(catalogue.conditions("E0110"))) == ("暴露垃圾", 1)
    assert (await catalogue_of(city, 2)).rules.types["E0110"]["name_zh"] == "别的"


async def test_a_phone_that_somebody_else_has_leaves_only_that_person_out(city: City) -> None:
    await city.database.people.insert_one({"_id": "somebody", "phone": "19905337001", "role": "CITIZEN"})
    counts = await load(city)
    assert (counts["people"].new, counts["people"].refused) == (336, 1)
    assert await city.database.people.find_one({"_id": "citizen-001"}) is None


async def test_staff_sign_in_with_the_demo_password_and_citizens_have_none(city: City) -> None:
    await load(city)
    officer = await city.database.people.find_one({"_id": "officer-001"})
    citizen = await city.database.people.find_one({"_id": "citizen-001"})
    assert officer is not None and citizen is not None
    assert officer["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await password_fits(officer["password_hash"], STAFF_PASSWORD)
    assert citizen["password_hash"] is None


async def test_every_point_of_the_district_lies_in_a_grid_even_on_the_borders(city: City) -> None:
    await load(city)
    grids = await city.database.unit_grids.find({}, {"centre": 1, "shape": 1}).to_list(None)
    for grid in grids[::40]:
        middle = grid["centre"]["coordinates"]
        assert (await locate(city, GivenPoint(*middle)))["grid_code"] == grid["_id"]
        lngs, lats = zip(*grid["shape"]["coordinates"][0], strict=True)
        await locate(city, GivenPoint((min(lngs) + max(lngs)) / 2 + 1e-7, min(lats) + 1e-9))


@pytest.fixture
def environment(mongod_url: str, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("MONGODB_URL", mongod_url)
    monkeypatch.setenv("MONGODB_DATABASE", "seed_command")
    monkeypatch.setenv("TOKEN_PRIVATE_KEY", KEY)
    monkeypatch.setenv("ENVIRONMENT", "development")
    return monkeypatch


def test_the_command_ends_with_a_table_of_counts(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seed.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "unit_grids: 1466 rows" in lines
    assert "people                     337        0          0        0     337" in lines
    assert seed.main(["--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_bad_rows_are_refused_before_anything_is_written(
    environment: pytest.MonkeyPatch, mongod_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("MONGODB_DATABASE", "seed_bad")
    folder = Path(shutil.copytree(REFERENCE_FOLDER, tmp_path / "reference"))
    path = folder / "departments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("E05", "E95", 1), encoding="utf-8")
    assert seed.main(["--reference", str(folder)]) == 2
    refusal = capsys.readouterr().err
    assert refusal.startswith("Nothing was written: the reference tables have bad rows.")
    assert "departments.csv, row" in refusal
    with MongoClient[dict[str, Any]](mongod_url) as client:
        assert "seed_bad" not in client.list_database_names()


def test_a_database_that_cannot_be_reached_is_one_sentence() -> None:
    """Only the sentence: the driver itself takes its ten seconds before it gives up."""
    sentence = seed.sentence_for(ServerSelectionTimeoutError("127.0.0.1:27017: refused, 10 s, a long story"))
    assert sentence.startswith("MongoDB cannot be reached at MONGODB_URL;")
    assert "long story" not in sentence


def test_a_missing_setting_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("TOKEN_PRIVATE_KEY")
    assert seed.main([]) == 2
    assert "The setting TOKEN_PRIVATE_KEY is not right" in capsys.readouterr().err


async def test_the_kinds_of_emergencies_are_in_force_and_fit_the_city(city: City) -> None:
    await load(city)
    opened = await open_rules(city, EMERGENCY_PROFILES)
    assert (opened.version, sorted(opened.rules)) == (1, ["flood", "snow"])
    content = await content_of(city, EMERGENCY_PROFILES, 1)
    assert await EMERGENCY_PROFILES.check_in_city(city, content) == []


def test_a_bad_profile_stops_the_load_before_anything_is_written(tmp_path: Path) -> None:
    shutil.copytree(REFERENCE_FOLDER, tmp_path / "reference")
    limits = tmp_path / "reference" / "emergency_limits.csv"
    limits.write_text(limits.read_text().replace("flood,E0506,30", "flood,E0506,0"))
    with pytest.raises(BadReference) as refused:
        seed.prepare(tmp_path / "reference")
    assert "emergency_limits.csv, row 2: value: must be a whole number from 1 to 9999, not '0'" in (
        refused.value.problems
    )
