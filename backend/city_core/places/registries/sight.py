"""Which rows of a registry somebody may read, as a filter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from city_core.kit.mongo import Row
from city_core.places.registries.tables import Registry


@dataclass(frozen=True)
class Sight:
    """What somebody sees of the registries: everything, some streets, or some responsibility grids."""

    everything: bool = False
    streets: Collection[str] = frozenset()
    grids: Collection[str] | None = None

    def filter(self, registry: Registry) -> Row:
        """Give the filter of the rows of a registry that are seen; divisions are no secret to any staff."""
        if self.everything or registry.name == "divisions":
            return {}
        if self.grids is not None:
            return {registry.grid: {"$in": sorted(self.grids)}}
        return {registry.street: {"$in": sorted(self.streets)}}

    def sees(self, registry: Registry, row: Row) -> bool:
        """Tell whether this very row is seen; agrees with `filter`."""
        if self.everything or registry.name == "divisions":
            return True
        if self.grids is not None:
            return row.get(registry.grid) in self.grids
        return row.get(registry.street) in self.streets
