"""Fills the records with ten thousand cases, as a city has after some days, straight into MongoDB."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

from city_core.kit.ids import new_id
from city_core.places.cells import cell_of
from tests.bench.town import KINDS, Town
from tests.journey.running_city import Row

BATCH = 500
OPEN_PART = 0.3
OPEN_STATES = ("PENDING_VERIFICATION", "PENDING_FILING", "FILED", "IN_PROGRESS", "PENDING_CHECK", "REWORK")


def fill(town: Town, count: int, told: Callable[[int], None]) -> None:
    """Insert clones of the closed cases there are, all over the district and over the last days."""
    templates = list(town.city.database.cases.find({"state": "CLOSED", "work": []}))
    batch: list[Row] = []
    for done, clone in enumerate(_clones(town, templates, count), start=1):
        batch.append(clone)
        if len(batch) == BATCH or done == count:
            town.city.database.cases.insert_many(batch)
            batch = []
            told(done)


def _clones(town: Town, templates: list[Row], count: int) -> Iterator[Row]:
    for turn in range(count):
        clone = copy.deepcopy(town.dice.choice(templates))
        grid = town.any_grid()
        lng, lat = town.point_in(grid)
        type_code, condition_id = town.dice.choice(KINDS)
        ago = timedelta(minutes=town.dice.uniform(0, 9 * 24 * 60))
        clone |= {
            "_id": new_id(),
            "client_id": uuid.uuid4().hex,
            "number": f"{clone['number']}-{turn}",
            "type_code": type_code,
            "condition_id": condition_id,
            "reported_at": clone["reported_at"] - ago,
            "place": {
                **clone["place"],
                "given_lng": lng,
                "given_lat": lat,
                "point": {"type": "Point", "coordinates": [lng, lat]},
                "cell": cell_of(lng, lat),
                "grid_code": grid["_id"],
                "responsibility_grid_id": grid["responsibility_grid_id"],
                "community_code": grid["community_code"],
                "street_code": grid["street_code"],
            },
        }
        if town.dice.random() < OPEN_PART:
            clone |= {"state": town.dice.choice(OPEN_STATES), "closed_at": None}
        clone.pop("tally", None)  # the template was counted, its clones were not
        yield {**clone, "tally_due": clone["state"] not in OPEN_STATES}
