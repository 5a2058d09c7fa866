"""The bench of the map runs on a small city, and what it generates is what the city would have written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, create_model

from city_core.cases.model import Case
from city_core.places.components.model import Component
from city_core.places.locate import GivenPoint, locate
from city_core.places.points.model import PlacePoint
from tests.bench.places.__main__ import WATCHED_CALLS, growth, measure
from tests.bench.places.city_of import MAKERS, CityOf
from tests.bench.places.compared import compare
from tests.bench.places.questions import QUESTIONS
from tests.bench.places.registers import Registers
from tests.bench.places.schemes import all_schemes

SMALL = CityOf(cases=2_000, components=200)


def test_what_is_generated_has_the_stored_shapes_and_is_the_same_at_every_run() -> None:
    registers = Registers()
    for name, shape in (("cases", Case), ("components", Component), ("points", PlacePoint)):
        rows = list(MAKERS[name](registers, SMALL, 0, 40))
        checked = _shape_of(shape)
        for row in rows:
            checked.model_validate(row)
        assert rows == list(MAKERS[name](registers, SMALL, 0, 40))


def test_the_stock_of_open_cases_does_not_grow_with_the_records() -> None:
    registers = Registers()

    def still_open(cases: int) -> int:
        rows = MAKERS["cases"](registers, CityOf(cases, 0), cases - 3_000, 3_000)
        return sum(row["closed_at"] is None for row in rows)

    assert 0.8 < still_open(30_000) / still_open(300_000) < 1.25


async def test_the_bench_asks_everything_and_finds_something(tmp_path: Path) -> None:
    results = await measure(tmp_path, [SMALL], calls=2)
    [figures] = results["cities"].values()
    assert figures["cases"] == SMALL.cases
    assert results["questions"].keys() == QUESTIONS.keys()
    for name, cities in results["questions"].items():
        [row] = cities.values()
        assert row["count"] == min(2, WATCHED_CALLS), name
        assert row["operations"] >= 1, name
        assert growth(cities) == 1.0, name
    assert results["questions"]["nearest 20 cases"][SMALL.name]["results"] == 20


async def test_the_cell_schemes_find_the_same_places_but_for_children_outside_their_parents(
    tmp_path: Path,
) -> None:
    figures = (await compare(tmp_path, 1_000, 3))["schemes"]
    assert list(figures) == [scheme.name for scheme in all_schemes()]
    ours = figures["web map squares"]
    assert ours["tile 14"]["runs"] == 1
    for name in ("web map squares", "geohash"):
        assert all(found["points_missed"] == 0 for found in figures[name].values() if isinstance(found, dict))


def _shape_of(document: type[Case | Component | PlacePoint]) -> type[BaseModel]:
    """Take the fields of a stored shape without its collection, which is not open here."""
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in document.model_fields.items()
        if name != "revision_id"
    }
    return create_model("Checked", **fields)


async def test_every_place_lies_in_the_grid_that_it_is_said_to(city: Any) -> None:
    registers = Registers()
    await city.database.unit_grids.insert_many(registers.places.unit_grids)
    for row in MAKERS["cases"](registers, SMALL, 0, 60):
        place = row["place"]
        found = await locate(city, GivenPoint(*place["point"]["coordinates"]))
        assert (found["grid_code"], found["cell"]) == (place["grid_code"], place["cell"])
