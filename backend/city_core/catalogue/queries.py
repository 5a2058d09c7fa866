"""Reads of the catalogue in force: types and their filing conditions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from city_core.catalogue.catalogue import Catalogue, catalogue_of
from city_core.kit.calendar import BEIJING
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem


def today(city: City) -> date:
    """Tell the day of the city, by which types and rules are valid."""
    return city.clock.now().astimezone(BEIJING).date()


async def case_types(city: City, kind: str | None = None) -> list[Row]:
    """List the types to choose from today, in the order of their codes."""
    return (await catalogue_of(city)).rules.offered(today(city), kind=kind)


async def filing_conditions(city: City, type_codes: Collection[str]) -> dict[str, list[Row]]:
    """List the filing conditions of some types, in their order."""
    catalogue = (await catalogue_of(city)).rules
    return {code: list(found) for code in type_codes if (found := catalogue.conditions(code))}


async def checked_type(
    city: City, type_code: str | None, condition_id: str | None, *, version: int | None = None
) -> Row | None:
    """Accept a type that is valid today and a condition of it; answers the condition, if one was named.

    `version` is that of the catalogue, where the caller has just asked which is in force.
    """
    if type_code is None:
        if condition_id is not None:
            raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="the type that the condition is of")
        return None
    catalogue = (await catalogue_of(city, version)).rules
    if not catalogue.is_valid(type_code, today(city)):
        raise CityProblem("TYPE_UNKNOWN", field="typeCode", allowed="a code of caseTypes, such as E0110")
    return _checked_condition(catalogue, type_code, condition_id)


def _checked_condition(catalogue: Catalogue, type_code: str, condition_id: str | None) -> Row | None:
    if condition_id is None:
        return None
    for condition in catalogue.conditions(type_code):
        if condition["_id"] == condition_id:
            return condition
    raise CityProblem("CONDITION_UNKNOWN", field="conditionId", allowed="a condition of this type")
