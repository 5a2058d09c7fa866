"""Which rows of a registry somebody may read, as a filter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from city_core.kit.mongo import Row
from city_core.places.registries.tables import Registry


@dataclass(frozen=True)
class Sight:
    """What somebody sees of the registries: everything, some streets, or some responsibility grids.

    `own` are filters of registries with a rule of their own, by their names.
    """

    everything: bool = False
    streets: Collection[str] = frozenset()
    grids: Collection[str] | None = None
    own: Mapping[str, Row] = field(default_factory=dict)

    def filter(self, registry: Registry) -> Row:
        """Give the filter of the rows of a registry that are seen; divisions are no secret to any staff."""
        if registry.name in self.own:
            return self.own[registry.name]
        if self.everything or registry.name == "divisions":
            return {}
        if self.grids is not None:
            return {registry.grid: {"$in": sorted(self.grids)}}
        return {registry.street: {"$in": sorted(self.streets)}}


NOTHING = Sight(streets=frozenset())
