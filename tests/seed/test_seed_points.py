"""The demo's points: as many as the table says, in every street, inside their grids, always the same."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from city_core.places.cells import cell_of
from city_core.places.layers import LAYERS_BOOK
from city_core.places.points.model import PlacePoint
from city_seed import load as seed
from city_seed.points import read_point_kinds
from city_seed.reference import REFERENCE_FOLDER, BadReference

LOAD = seed.prepare()
POINTS = LOAD.points()


def test_there_are_two_thousand_of_layers_that_the_city_knows() -> None:
    counts = Counter(row["layer"] for row in POINTS)
    assert counts.total() == len({row["_id"] for row in POINTS}) == 2_000
    assert (counts["toilet"], counts["transfer_station"], counts["restaurant"]) == (112, 9, 953)
    assert set(counts) == {row["layer"] for row in LAYERS_BOOK.first_content["layers"]}


def test_they_are_the_same_at_every_run() -> None:
    assert seed.prepare().points() == POINTS


def test_every_street_has_toilets_and_everything_lies_inside_its_grid() -> None:
    units = {row["_id"]: row for row in LOAD.places.unit_grids}
    streets = {row["_id"] for row in LOAD.places.divisions if row["level"] == "street"}
    assert {row["street_code"] for row in POINTS if row["layer"] == "toilet"} == streets
    for row in POINTS:
        unit = units[row["grid_code"]]
        ring = unit["shape"]["coordinates"][0]
        lng, lat = row["point"]["coordinates"]
        assert min(x for x, _ in ring) < lng < max(x for x, _ in ring)
        assert min(y for _, y in ring) < lat < max(y for _, y in ring)
        assert row["cell"] == cell_of(lng, lat)
        assert row["responsibility_grid_id"] == unit["responsibility_grid_id"]


def test_they_have_their_stored_shape_are_marked_and_only_cameras_have_streams() -> None:
    for row in POINTS:
        assert set(row) == {"_id", *PlacePoint.model_fields} - {"id", "revision_id"}
        assert row["is_invented"] is True
        assert bool(row["stream_address"]) == (row["layer"] == "camera")
    late = [row for row in POINTS if row["opening_hours"] and row["opening_hours"][0]["closes_at"] == "02:00"]
    assert {row["layer"] for row in late} == {"restaurant"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("toilet,112", "toilet,", "count must not be empty"),
        ("toilet,112", "toilet,0", "the count '0' is not from 1 to 9999"),
        ("1-6,08:00", "6-1,08:00", "'6-1' are no days such as 1-7"),
        ("06:00,24:00", "06:00,24:30", "'24:30' is no time such as 08:30"),
        ("40,stalls", "140,stalls", "'140' is no percentage"),
        ("stalls,4", "stalls,few", "least and most must be whole numbers"),
        (",,,100,people", ",,,50,people", "days are missing: not all are always open"),
    ],
)
def test_bad_rows_of_the_table_are_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    folder = Path(shutil.copytree(REFERENCE_FOLDER, tmp_path / "reference"))
    table = folder / "point_kinds.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    kinds, problems = read_point_kinds(folder)
    assert len(kinds) == 11
    assert [problem.split(": ", 1)[1] for problem in problems] == [reason]
    with pytest.raises(BadReference):
        seed.prepare(folder)
