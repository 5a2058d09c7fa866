"""Fills a database with a city of so many cases and components, the same at every run.

Cases come at `CASES_A_DAY` and end after `days_to_close` on average, exponentially: so the stock of open
cases is their product (1,100 x 3.6 = 3,960) whatever the length of the records. More records reach farther
back: 100,000 cases are three months, 1,000,000 two and a half years.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern

from city_seed.local_departments import local_departments
from city_seed.people import build_people
from city_seed.reference import read_reference
from city_seed.zhangdian import Places, build_places
from tests.bench.places.ground import Ground, zipf
from tests.bench.places.records import (
    ENDED_SHARES,
    OPEN_SHARES,
    Draws,
    case_row,
    component_row,
    point_row,
    shares_of,
)

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CASES_A_DAY = 1_100
CHUNK, BATCH, PROCESSES = 5_000, 500, 2
CITIZENS = 30_000
POINTS_SHARE = 5  # a point of a layer for so many components
INSPECTORS_SHARE = 0.6  # the rest is reported by citizens
LATE_SHARE = 0.08
Row = dict[str, Any]
Told = Callable[[int], None]


@dataclass(frozen=True)
class CityOf:
    """How large a city is, and how fast it works."""

    cases: int
    components: int
    days_to_close: float = 3.6

    @property
    def name(self) -> str:
        """Name its database."""
        return f"places_{self.cases}_{self.components}_{round(self.days_to_close * 10)}"

    @property
    def days(self) -> float:
        """Tell how far the records reach back."""
        return self.cases / CASES_A_DAY

    @property
    def points(self) -> int:
        return self.components // POINTS_SHARE


class Registers:
    """Who and what the district has, as the seed lays it out."""

    def __init__(self) -> None:
        reference = read_reference()
        self.places: Places = build_places(reference.divisions)
        self.departments: list[Row] = [*reference.departments, *local_departments(self.places.divisions)]
        own = [row["_id"] for row in reference.departments]
        self.people = build_people(self.places, own, created_at=NOW)
        self.ground = Ground(self.places.unit_grids)
        types = [row for row in reference.catalogue["case_types"] if len(row["code"]) == 5]
        dice = np.random.default_rng(7)
        often = {row["code"]: dice.random() + (0.0 if row["kind"] == "event" else 0.35) for row in types}
        self.types = sorted(often, key=lambda code: often[code])
        self.component_types = [code for code in self.types if code.startswith("C")]

    @cached_property
    def department_of(self) -> dict[str, str]:
        """Tell by the longest prefix which department answers for a type."""
        lines = [
            (line["type_prefix"], row["_id"])
            for row in self.departments
            for line in row["answers_for"]
            if not line["street_codes"]
        ]
        lines.sort(key=lambda line: len(line[0]))
        return {code: own for code in self.types for prefix, own in lines if code.startswith(prefix)}

    @cached_property
    def officers(self) -> dict[str, list[str]]:
        """Tell who works in a department."""
        return self._people_by("OFFICER", lambda row: [row["department_id"]])

    @cached_property
    def inspectors(self) -> dict[str, list[str]]:
        """Tell who walks a responsibility grid."""
        return self._people_by("INSPECTOR", lambda row: row["responsibility_grid_ids"])

    def _people_by(self, role: str, keys: Callable[[Row], Sequence[str]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.people:
            for key in keys(row) if row["role"] == role else ():
                found.setdefault(key, []).append(row["_id"])
        return found


def fill(url: str, size: CityOf, told: Told) -> None:
    """Insert everything; indexes are better built afterwards."""
    chunks = [
        (url, size, kind, start, min(CHUNK, total - start))
        for kind, total in (("cases", size.cases), ("components", size.components), ("points", size.points))
        for start in range(0, total, CHUNK)
    ]
    with ProcessPoolExecutor(PROCESSES, initializer=_settle) as helpers:
        for done in helpers.map(_insert, chunks):
            told(done)


_registers: Registers | None = None


def _settle() -> None:
    global _registers
    _registers = Registers()


def _insert(chunk: tuple[str, CityOf, str, int, int]) -> int:
    url, size, kind, start, count = chunk
    assert _registers is not None
    with MongoClient[Row](url) as client:
        collection: Collection[Row] = client[size.name].get_collection(
            kind, write_concern=WriteConcern(w=1, j=False)
        )
        rows = MAKERS[kind](_registers, size, start, count)
        for batch in iter(lambda: list(itertools.islice(rows, BATCH)), []):
            collection.insert_many(batch, ordered=False)
    return count


def cases(registers: Registers, size: CityOf, start: int, count: int) -> Iterator[Row]:
    """Make the cases from number `start` on, oldest first."""
    dice = np.random.default_rng((size.cases, start))
    lng, lat, grid = registers.ground.draw(dice, count)
    kinds = dice.choice(len(registers.types), count, p=zipf(len(registers.types)))
    age = (size.cases - start - np.arange(count) - dice.random(count)) / CASES_A_DAY
    lasts = dice.exponential(size.days_to_close, count)
    open_names, open_shares = shares_of(OPEN_SHARES)
    ended_names, ended_shares = shares_of(ENDED_SHARES)
    open_state, ended_state = (
        dice.choice(open_names, count, p=open_shares),
        dice.choice(ended_names, count, p=ended_shares),
    )
    luck, chosen = dice.random((count, 2)), dice.integers(0, 1 << 30, (count, 5))
    for n in range(count):
        area = registers.places.unit_grids[grid[n]]
        type_code = registers.types[kinds[n]]
        department = registers.department_of[type_code]
        is_open = lasts[n] >= age[n]
        took = float(min(lasts[n], age[n]))
        hours = took * 24 * (0.7 if luck[n, 0] < LATE_SHARE else 1.3)
        yield case_row(
            Draws(
                at=_cut(NOW - timedelta(days=float(age[n]))),
                lng=float(lng[n]),
                lat=float(lat[n]),
                grid=area,
                type_code=type_code,
                department_id=department,
                state=str(open_state[n] if is_open else ended_state[n]),
                people=_people(registers, area, department, luck[n, 1], chosen[n]),
                days_to_close=took,
                limit_hours=hours,
                luck=float(luck[n, 0]),
                noise=dice.bytes(170),
                serial=start + n,
            )
        )


def _people(registers: Registers, grid: Row, department: str, luck: float, chosen: Any) -> dict[str, str]:
    walkers = registers.inspectors[grid["responsibility_grid_id"]]
    officers = registers.officers[department]
    citizen = f"citizen-{int(chosen[0] ** 2 / (1 << 60) * CITIZENS) + 1:06d}"
    reporter = walkers[chosen[1] % len(walkers)] if luck < INSPECTORS_SHARE else citizen
    return {
        "reporter": reporter,
        "inspector": walkers[chosen[2] % len(walkers)],
        "checker": walkers[(chosen[2] + 1) % len(walkers)],
        "officer": officers[chosen[3] % len(officers)],
        "seat": f"shift-leader-{chosen[4] % 4 + 1:03d}",
        "system": "system",
    }


def _components(registers: Registers, size: CityOf, start: int, count: int) -> Iterator[Row]:
    dice = np.random.default_rng((1, start))
    lng, lat, grid = registers.ground.draw(dice, count)
    types = registers.component_types
    kinds = dice.choice(len(types), count, p=zipf(len(types), 0.7))
    for n in range(count):
        area, code = registers.places.unit_grids[grid[n]], types[kinds[n]]
        place = float(lng[n]), float(lat[n])
        yield component_row(start + n, *place, area, code, registers.department_of[code], NOW)


def _points(registers: Registers, _: CityOf, start: int, count: int) -> Iterator[Row]:
    dice = np.random.default_rng((2, start))
    lng, lat, grid = registers.ground.draw(dice, count)
    for n in range(count):
        yield point_row(start + n, float(lng[n]), float(lat[n]), registers.places.unit_grids[grid[n]], NOW)


def _cut(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


MAKERS: dict[str, Callable[[Registers, CityOf, int, int], Iterator[Row]]] = {
    "cases": cases,
    "components": _components,
    "points": _points,
}
