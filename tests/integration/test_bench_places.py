"""The bench of the map runs on a small city, and what it generates is what the city would have written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from beanie import Document
from pydantic import create_model

from city_core.cases.model import Case
from city_core.kit.mongo import Row
from city_core.people.model import Person, Shift
from city_core.places.components.model import Component
from city_core.places.locate import GivenPoint, locate
from city_core.places.points.model import PlacePoint
from city_core.sync.model import SyncEntry, SyncFeed
from city_core.sync.scopes import keys_of_case
from tests.bench.places.__main__ import Much, measure
from tests.bench.places.city_of import MAKERS, CityOf
from tests.bench.places.compared import compare
from tests.bench.places.entries import entries_of, feed_row
from tests.bench.places.officers import shifts_of
from tests.bench.places.questions import QUESTIONS
from tests.bench.places.records import NOW
from tests.bench.places.registers import Registers
from tests.bench.places.schemes import all_schemes
from tests.bench.places.shown import growth, show
from tests.bench.places.throughput import NEAR, OVER_HTTP

SMALL = CityOf(cases=1_000, components=200)


def test_what_is_generated_has_the_stored_shapes_and_is_the_same_at_every_run() -> None:
    registers = Registers()
    again = Registers()
    for name, shape in (("cases", Case), ("components", Component), ("points", PlacePoint)):
        rows = list(MAKERS[name](registers, SMALL, 0, 40))
        _check(shape, rows)
        assert rows == list(MAKERS[name](again, SMALL, 0, 40))
    _check(Person, registers.hired)
    _check(Shift, shifts_of(registers.hired, NOW))
    assert registers.hired == again.hired


def test_the_generated_feed_is_what_the_feeder_would_have_written() -> None:
    rows = list(MAKERS["cases"](Registers(), SMALL, 0, 400))
    entries = [entry for number, row in enumerate(rows) for entry in entries_of(row, number)]
    _check(SyncEntry, entries)
    _check(SyncFeed, [feed_row(len(rows))])
    assert len({entry["seq"] for entry in entries}) == len(entries)
    for row in rows:
        live = {
            entry["scope"] for entry in entries if entry["document_id"] == row["_id"] and not entry["deleted"]
        }
        assert live == keys_of_case(row)


def test_the_stock_of_open_cases_does_not_grow_with_the_records() -> None:
    registers = Registers()

    def still_open(cases: int) -> int:
        rows = MAKERS["cases"](registers, CityOf(cases, 0), cases - 3_000, 3_000)
        return sum(row["closed_at"] is None for row in rows)

    assert 0.8 < still_open(30_000) / still_open(300_000) < 1.25


async def test_the_bench_asks_everything_and_finds_something(tmp_path: Path) -> None:
    results = await measure(tmp_path, [SMALL], Much(calls=1, seconds=0.1, rows_in=300))
    [figures] = results["cities"].values()
    assert figures["cases"] == SMALL.cases
    assert results["questions"].keys() == QUESTIONS.keys()
    for name, cities in results["questions"].items():
        [row] = cities.values()
        assert row["count"] == 1, name
        assert row["operations"] >= 1, name
        assert growth(cities) == 1.0, name
    for name, most in (("nearest 20 cases", 20), ("nearest 10 officers", 10), ("changes of the map", 60)):
        assert results["questions"][name][SMALL.name]["results"] == most
    assert results["a_second"].keys() == {*NEAR, *(f"HTTP: {name}" for name in OVER_HTTP)}
    assert [figures["rows"] for figures in results["files"].values()] == [
        200,
        201,
        300,
        300,
    ]  # a heading is a row, too
    show(results)


async def test_the_cell_schemes_find_the_same_places_but_for_children_outside_their_parents(
    tmp_path: Path,
) -> None:
    figures = (await compare(tmp_path, 1_000, 3))["schemes"]
    assert list(figures) == [scheme.name for scheme in all_schemes()]
    ours = figures["web map squares"]
    assert ours["tile 14"]["runs"] == 1
    for name in ("web map squares", "geohash"):
        assert all(found["points_missed"] == 0 for found in figures[name].values() if isinstance(found, dict))


def _check(document: type[Document], rows: Sequence[Row]) -> None:
    """Read rows by the fields of a stored shape, without its collection, which is not open here."""
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in document.model_fields.items()
        if name != "revision_id"
    }
    shape = create_model("Checked", **fields)
    for row in rows:
        shape.model_validate(row)


async def test_every_place_lies_in_the_grid_that_it_is_said_to(city: Any) -> None:
    registers = Registers()
    await city.database.unit_grids.insert_many(registers.places.unit_grids)
    for row in MAKERS["cases"](registers, SMALL, 0, 60):
        place = row["place"]
        found = await locate(city, GivenPoint(*place["point"]["coordinates"]))
        assert (found["grid_code"], found["cell"]) == (place["grid_code"], place["cell"])
