"""The dictionary as this process knows it: types, filing conditions and departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from city_api.remembered import Remembered
from city_core.catalogue.queries import case_types, filing_conditions
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.queries import departments

_SECONDS = 30.0


@dataclass(frozen=True)
class Book:
    """All types, conditions and departments, by their codes."""

    types: Mapping[str, Row]
    conditions: Mapping[str, list[Row]]
    departments: Mapping[str, Row]

    def condition(self, type_code: str | None, condition_id: str | None) -> Row | None:
        """Find one filing condition of a type."""
        conditions = self.conditions.get(type_code or "", ())
        return next((row for row in conditions if row["_id"] == condition_id), None)


Dictionary = Remembered[Book]


def open_dictionary(city: City) -> Dictionary:
    """Keep the dictionary at hand, so that naming the types of a list asks MongoDB nothing."""

    async def read() -> Book:
        types = {row["_id"]: row for row in await case_types(city)}
        conditions = await filing_conditions(city, list(types))
        return Book(types, dict(conditions), {row["_id"]: row for row in await departments(city)})

    return Remembered(read, _SECONDS)
