"""The dictionary as this process knows it: the catalogue in force and the departments."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from city_api.remembered import Remembered
from city_core.catalogue.catalogue import CATALOGUE_BOOK, Catalogue, catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import opened_before
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


Dictionary = Remembered[Book]


def open_dictionary(city: City) -> Dictionary:
    """Keep the dictionary at hand, so that naming the types of a list asks MongoDB nothing."""

    async def read() -> Book:
        catalogue = (await catalogue_of(city)).rules
        return Book(catalogue, {row["_id"]: row for row in await departments(city)})

    return Remembered(read, _SECONDS)


def condition_of_case(city: City, case: Row) -> Row | Awaitable[Row | None] | None:
    """Find the filing condition as it was when the case was filed: later changes are for later cases."""
    if case.get("condition_id") is None:
        return None
    version = (case.get("rules") or {}).get(CATALOGUE_BOOK.name, 0)
    known = opened_before(city, CATALOGUE_BOOK, version)
    return _opened_condition(city, case, version) if known is None else _condition(known, case)


async def _opened_condition(city: City, case: Row, version: int) -> Row | None:
    return _condition((await catalogue_of(city, version)).rules, case)


def _condition(catalogue: Catalogue, case: Row) -> Row | None:
    conditions = catalogue.conditions(case.get("type_code") or "")
    return next((row for row in conditions if row["_id"] == case["condition_id"]), None)
