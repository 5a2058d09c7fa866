"""Fills a database with a city of so many cases and components, the same at every run.

Cases come at `CASES_A_DAY` and end after `days_to_close` on average, exponentially: so the stock of open
cases is their product (1,100 x 3.6 = 3,960) whatever the length of the records. More records reach farther
back: 100,000 cases are three months, 1,000,000 two and a half years.
"""

from __future__ import annotations

import itertools
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from tests.bench.places.entries import entries_of
from tests.bench.places.ground import zipf
from tests.bench.places.records import (
    ENDED_SHARES,
    NOW,
    OPEN_SHARES,
    Draws,
    case_row,
    component_row,
    point_row,
    shares_of,
)
from tests.bench.places.registers import Registers

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


def fill(url: str, size: CityOf, registers: Registers, told: Told, stopping: threading.Event) -> None:
    """Insert everything, until told to stop; indexes are better built afterwards."""
    global _registers
    _registers = registers  # the helpers have it by being forked
    chunks = [
        (url, size, kind, start, min(CHUNK, total - start))
        for kind, total in (("cases", size.cases), ("components", size.components), ("points", size.points))
        for start in range(0, total, CHUNK)
    ]
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROCESSES, forked, initializer=_settle) as helpers:
        for done in helpers.map(_insert, chunks):
            told(done)
            if stopping.is_set():
                helpers.shutdown(cancel_futures=True)
                return


_registers: Registers | None = None


def _settle() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is asked to stop tells the helpers


def _insert(chunk: tuple[str, CityOf, str, int, int]) -> int:
    url, size, kind, start, count = chunk
    assert _registers is not None
    with MongoClient[Row](url) as client:
        database = client.get_database(size.name, write_concern=WriteConcern(w=1, j=False))
        rows, number = MAKERS[kind](_registers, size, start, count), start
        for batch in iter(lambda: list(itertools.islice(rows, BATCH)), []):
            database[kind].insert_many(batch, ordered=False)
            if kind == "cases":
                fed = [entry for n, row in enumerate(batch, number) for entry in entries_of(row, n)]
                database.sync_entries.insert_many(fed, ordered=False)
            number += len(batch)
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
        yield component_row(start + n + 1, *place, area, code, registers.department_of[code], NOW)


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
