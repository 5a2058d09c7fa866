"""The dictionary as this process knows it: the catalogue in force and the departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from city_api.remembered import Remembered
from city_core.catalogue.catalogue import Catalogue, catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.queries import departments

_SECONDS = 30.0


@dataclass(frozen=True)
class Book:
    """All types and conditions, those no longer valid too, and the departments, by their codes."""

    catalogue: Catalogue
    departments: Mapping[str, Row]

    @property
    def types(self) -> Mapping[str, Row]:
        return self.catalogue.types

    def condition(self, type_code: str | None, condition_id: str | None) -> Row | None:
        """Find one filing condition of a type."""
        conditions = self.catalogue.conditions(type_code or "")
        return next((row for row in conditions if row["_id"] == condition_id), None)


Dictionary = Remembered[Book]


def open_dictionary(city: City) -> Dictionary:
    """Keep the dictionary at hand, so that naming the types of a list asks MongoDB nothing."""

    async def read() -> Book:
        catalogue = (await catalogue_of(city)).rules
        return Book(catalogue, {row["_id"]: row for row in await departments(city)})

    return Remembered(read, _SECONDS)
