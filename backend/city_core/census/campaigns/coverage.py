"""How far a census has come, by grid: what is on record there, and what of it was looked at since it began.

Counted in one index, from the components themselves: no counter can be wrong, and a component that two
people check is one component.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from city_core.kit.city import City
from city_core.places.components.model import COMPONENTS, ComponentState

_STANDING = sorted(set(ComponentState) - {ComponentState.REMOVED})
_DONE_TO = {"ADDED": "added", "MOVED": "moved", "RETIRED": "retired"}


@dataclass(frozen=True)
class Coverage:
    """Components on record, those of them checked since the census began, and what it did to others."""

    known: int = 0
    checked: int = 0
    added: int = 0
    moved: int = 0
    retired: int = 0

    @property
    def left(self) -> int:
        return self.known - self.checked

    @property
    def share(self) -> float:
        return self.checked / self.known if self.known else 1.0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.known + other.known,
            self.checked + other.checked,
            self.added + other.added,
            self.moved + other.moved,
            self.retired + other.retired,
        )


async def coverage_of(
    city: City, campaign: Mapping[str, Any], unit_grid_codes: Collection[str] | None = None
) -> dict[str, Coverage]:
    """Count by unit grid, in all of a census or in some of its unit grids; each of them has its row."""
    codes = all_units(campaign["grids"]) if unit_grid_codes is None else sorted(unit_grid_codes)
    counts = await _counts(city, codes, campaign["type_codes"], campaign["starts_at"])
    deeds = await _deeds(city, campaign["_id"], set(codes))
    return {
        code: replace(
            counts.get(code, Coverage()), **{name: deeds[code, kind] for kind, name in _DONE_TO.items()}
        )
        for code in codes
    }


def all_units(grids: Sequence[Mapping[str, Any]]) -> list[str]:
    """List the unit grids of a census, by code."""
    return sorted(code for grid in grids for code in grid["unit_grid_codes"])


def summed(coverage: Mapping[str, Coverage], codes: Collection[str]) -> Coverage:
    """Add up what was counted in some unit grids."""
    return sum((coverage.get(code, Coverage()) for code in codes), Coverage())


async def _counts(
    city: City, codes: Sequence[str], types: Sequence[str], since: datetime
) -> dict[str, Coverage]:
    # A component keeps its latest check only: one that was looked at after the last day counts as well.
    seen = {"$cond": [{"$gte": ["$checked_at", since]}, 1, 0]}
    query = {"grid_code": {"$in": codes}, "type_code": {"$in": types}, "state": {"$in": _STANDING}}
    rows = city.database[COMPONENTS].aggregate(
        [
            {"$match": query},
            {"$group": {"_id": "$grid_code", "known": {"$sum": 1}, "checked": {"$sum": seen}}},
        ],
        hint="coverage",
    )
    return {row["_id"]: Coverage(row["known"], row["checked"]) async for row in rows}


async def _deeds(city: City, campaign_id: str, codes: set[str]) -> Counter[tuple[str, str]]:
    """Count components by what was done to them in a census, each once for each kind."""
    about = {"history.campaign_id": campaign_id}
    rows = city.database[COMPONENTS].aggregate([
        {"$match": about},
        {"$project": {"grid_code": 1, "history.kind": 1, "history.campaign_id": 1}},
        {"$unwind": "$history"},
        {"$match": {**about, "history.kind": {"$in": sorted(_DONE_TO)}}},
        {"$group": {"_id": {"code": "$_id", "grid": "$grid_code", "kind": "$history.kind"}}},
        {"$group": {"_id": {"grid": "$_id.grid", "kind": "$_id.kind"}, "count": {"$sum": 1}}},
    ])  # fmt: skip
    found: Counter[tuple[str, str]] = Counter()
    async for row in rows:
        if row["_id"]["grid"] in codes:
            found[row["_id"]["grid"], row["_id"]["kind"]] = row["count"]
    return found
