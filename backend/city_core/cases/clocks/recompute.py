"""Recomputes the clocks of every case from its history, and tells where the stored ones differ."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from city_core.cases.clocks.stored import (
    CLOCK_FIELDS,
    ClockRules,
    clock_fields_after,
    clock_rules_of,
    versions_of,
)
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

_BATCH = 500
_READ = ("at", "action", "from_state", "to_state", "receiver_department_id", "facts")
_PROJECTION = dict.fromkeys([*(f"history.{name}" for name in _READ), *CLOCK_FIELDS], 1)
Told = Callable[[int], None]


@dataclass(frozen=True)
class Difference:
    """A stored value that is not what the history of its case says."""

    case_id: str
    field: str
    stored: Any
    computed: Any

    def __str__(self) -> str:
        return f"{self.case_id} {self.field}: stored {self.stored}, computed {self.computed}"


async def recompute_all(city: City, told: Told = lambda done: None) -> AsyncIterator[Difference]:
    """Go through all cases in batches and yield every difference; `told` hears how many are done."""
    opened: dict[tuple[tuple[str, int], ...], ClockRules] = {}
    last, done = "", 0
    while True:
        rows = city.database.cases.find({"_id": {"$gt": last}}, _PROJECTION).sort("_id", 1).limit(_BATCH)
        batch = await rows.to_list(_BATCH)
        if not batch:
            return
        for case in batch:
            for difference in await _differences(city, case, opened):
                yield difference
        last, done = batch[-1]["_id"], done + len(batch)
        told(done)


async def _differences(
    city: City, case: Row, opened: dict[tuple[tuple[str, int], ...], ClockRules]
) -> list[Difference]:
    versions = versions_of(case["history"])
    key = tuple(sorted(versions.items()))
    try:
        if key not in opened:
            opened[key] = await clock_rules_of(city, versions)
        computed = clock_fields_after(case["history"], opened[key])
    except (CityProblem, ValueError, KeyError) as error:
        return [Difference(case["_id"], "history", None, f"cannot be computed: {error!r}")]
    stored, wanted = _flat(case), _flat(computed)
    return [
        Difference(case["_id"], name, stored.get(name), wanted.get(name))
        for name in sorted(stored.keys() | wanted.keys())
        if stored.get(name) != wanted.get(name)
    ]


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Name each clock by itself, so that a difference says where it is."""
    flat = {name: fields.get(name) for name in CLOCK_FIELDS if name != "clocks"}
    for name, clock in (fields.get("clocks") or {}).items():
        if isinstance(clock, Mapping):
            flat |= {f"clocks.{name}.{part}": value for part, value in clock.items()}
        else:
            flat[f"clocks.{name}"] = clock
    return flat
