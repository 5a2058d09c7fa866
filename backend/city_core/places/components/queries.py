"""Reads of components: what stands near a point, some by their codes, those that nobody owns up to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from city_core.kit.city import City
from city_core.kit.geo import distance_m
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.places.components.model import COMPONENTS, ComponentState

MOST_NEAR = 20
MOST_METRES = 200
_NOT_GONE = {"$in": sorted(set(ComponentState) - {ComponentState.REMOVED})}
_READ = {"history": 0}


async def components_near(
    city: City, point: Row, *, within_m: float, first: int, type_code: str | None = None
) -> list[Row]:
    """List what stands within some metres of a WGS-84 point, nearest first, each with `distance_m`."""
    if not 0 < within_m <= MOST_METRES:
        raise CityProblem("PAGE_INVALID", field="withinM", allowed=f"up to {MOST_METRES} metres")
    if not 1 <= first <= MOST_NEAR:
        raise CityProblem("PAGE_INVALID", field="first", allowed=f"1 to {MOST_NEAR}")
    near = {"$nearSphere": {"$geometry": point, "$maxDistance": within_m}}
    query: dict[str, Any] = {"point": near, "state": _NOT_GONE}
    if type_code is not None:
        query["type_code"] = type_code
    rows = await city.database[COMPONENTS].find(query, _READ).limit(first).to_list(first)
    return [{**row, "distance_m": metres_between(point, row["point"])} for row in rows]


async def components_by_code(city: City, codes: Collection[str]) -> dict[str, Row]:
    """Find components by their codes; what is none is left out."""
    rows = city.database[COMPONENTS].find({"_id": {"$in": sorted(codes)}}, _READ)
    return {row["_id"]: row async for row in rows}


async def components_without_owner(
    city: City, street_code: str, *, first: int, after: str | None = None
) -> Page:
    """List what stands in a street and nobody owns up to, by code, a page at a time."""
    size = checked_size(first)
    query: dict[str, Any] = {"street_code": street_code, "owner_is_known": False, "state": _NOT_GONE}
    if after is not None:
        query["_id"] = {"$gt": keys_of(after, 1)[0]}
    rows = city.database[COMPONENTS].find(query, _READ).sort("_id", 1)
    return page_of(await rows.limit(size + 1).to_list(size + 1), size, "_id")


async def photos_of_components(city: City, media_ids: Collection[str]) -> set[str]:
    """Tell which of some photos show a component, by what is on record of it."""
    wanted = set(media_ids)
    query = {"history.media_ids": {"$in": sorted(wanted)}}
    rows = city.database[COMPONENTS].find(query, {"history.media_ids": 1})
    return {
        photo async for row in rows for change in row["history"] for photo in change.get("media_ids") or ()
    } & wanted


async def components_in_photo(
    city: City, media_id: str, person_id: str, fields: Collection[str]
) -> list[Row]:
    """List the components that a photo shows, put on record by whoever took it."""
    taken = {"$elemMatch": {"media_ids": media_id, "person_id": person_id}}
    query = {"history.media_ids": media_id, "history": taken}
    rows = city.database[COMPONENTS].find(query, dict.fromkeys(fields, 1))
    return await rows.to_list(MOST_NEAR)


def metres_between(one: Row, other: Row) -> float:
    """Measure the way between two GeoJSON points of WGS-84, metres."""
    here, there = one["coordinates"], other["coordinates"]
    return distance_m((here[0], here[1]), (there[0], there[1]))
