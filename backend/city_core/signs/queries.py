"""Reads of signs for those who keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, instant_of, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.signs.model import SIGNS, SignState
from city_core.signs.rights import check_keeps_signs, kept_by

_LEFT_OUT = {"history": 0, "batch_id": 0, "input_hash": 0}


async def page_of_signs(
    city: City,
    actor: Actor,
    *,
    street_code: str | None = None,
    component_code: str | None = None,
    point_id: str | None = None,
    state: SignState | None = None,
    first: int = 20,
    after: str | None = None,
) -> Page:
    """List the signs of somebody's streets, those made last first."""
    size = checked_size(first)
    query = kept_by(actor)
    if street_code is not None:
        check_keeps_signs(actor, street_code)
        query["street_code"] = street_code
    asked = {"component_code": component_code, "point_id": point_id, "state": state}
    query |= {name: str(value) for name, value in asked.items() if value is not None}
    if after is not None:
        at, sign_id = _place_in_list(after)
        query["$or"] = [{"made_at": {"$lt": at}}, {"made_at": at, "_id": {"$lt": sign_id}}]
    rows = city.database[SIGNS].find(query, _LEFT_OUT).sort([("made_at", -1), ("_id", -1)]).limit(size + 1)
    return page_of(await rows.to_list(size + 1), size, "made_at", "_id")


async def signs_to_print(city: City, actor: Actor, ids: Sequence[str]) -> list[Row]:
    """Give signs with the name of their street as `street_name`, in the order asked for.

    A sign that is not there, out of use, or not theirs to print is unknown.
    """
    query = {**kept_by(actor), "_id": {"$in": sorted(set(ids))}, "state": SignState.IN_USE.value}
    rows = {row["_id"]: row async for row in city.database[SIGNS].find(query, _LEFT_OUT)}
    missing = next((sign_id for sign_id in ids if sign_id not in rows), None)
    if missing is not None:
        raise CityProblem("SIGN_UNKNOWN", field="ids", allowed="ids of signs that are in use")
    streets = {row["street_code"] for row in rows.values()}
    found = city.database.divisions.find({"_id": {"$in": sorted(streets)}}, {"name_zh": 1})
    names = {row["_id"]: row["name_zh"] async for row in found}
    return [{**rows[one], "street_name": names.get(rows[one]["street_code"], "")} for one in ids]


async def note_printed(city: City, ids: Sequence[str]) -> None:
    """Note that sheets with some signs were made now."""
    printed = {"$set": {"printed_at": city.clock.now()}}
    await city.database[SIGNS].update_many({"_id": {"$in": sorted(set(ids))}}, printed)


def _place_in_list(after: str) -> tuple[datetime, str]:
    at, sign_id = keys_of(after, 2)
    return instant_of(at), sign_id or ""
