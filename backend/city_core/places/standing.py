"""What stands on the ground goes over to the grids that are drawn anew below it, all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from shapely.geometry import shape as shapely_shape

from city_core.kit.city import City
from city_core.kit.mongo import Row, Session
from city_core.places.components.model import COMPONENTS
from city_core.places.elements.model import ELEMENTS
from city_core.places.points.model import POINTS

_STANDING = (COMPONENTS, POINTS, ELEMENTS)


async def move_what_stands(
    city: City, old: Sequence[Row], new: Sequence[Row], note: Row, session: Session
) -> None:
    """Put components, points and elements of the old grids into the new ones, in the redrawing's transaction.

    Each goes where it lies; what lies beside the new grids goes to the nearest, and what has no point to the
    one that took most of its old grid: nothing stays behind in a grid that ends.
    """
    theirs = {
        "responsibility_grid_id": {"$in": sorted({row["responsibility_grid_id"] for row in old})},
        "grid_code": {"$in": [row["_id"] for row in old]},
    }
    for collection in _STANDING:
        rows = city.database[collection]
        for grid in new:
            there = {**theirs, "point": {"$geoWithin": {"$geometry": grid["shape"]}}}
            await rows.update_many(there, [{"$set": _moved(collection, grid, note)}], session=session)
        beside = rows.find(theirs, {"point": 1, "grid_code": 1}, session=session)
        for grid, ids in _shared_out([row async for row in beside], old, new):
            await rows.update_many(
                {"_id": {"$in": ids}}, [{"$set": _moved(collection, grid, note)}], session=session
            )


def _shared_out(rows: Iterable[Row], old: Sequence[Row], new: Sequence[Row]) -> list[tuple[Row, list[str]]]:
    borders = [shapely_shape(grid["shape"]) for grid in new]
    ended = {grid["_id"]: shapely_shape(grid["shape"]) for grid in old}
    ids: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.get("point"):
            place = shapely_shape(row["point"])
            ways = [border.distance(place) for border in borders]
        else:
            ways = [-border.intersection(ended[row["grid_code"]]).area for border in borders]
        ids[ways.index(min(ways))].append(row["_id"])
    return [(new[number], found) for number, found in ids.items()]


def _moved(collection: str, grid: Row, note: Row) -> Row:
    place = {"grid_code": grid["_id"], "responsibility_grid_id": grid["responsibility_grid_id"]}
    earlier, version = {"$ifNull": ["$history", []]}, {"$add": [{"$ifNull": ["$version", 0]}, 1]}
    step = {
        "seq": version,
        "kind": "CHANGED",
        "at": note["at"],
        "person_id": note["person_id"],
        "before": {name: f"${name}" for name in place},
        "after": place,
        "note": note["reason"],
    }
    marks = {"is_counted": False} if collection == COMPONENTS else {}
    return {
        **place,
        **marks,
        "version": version,
        "updated_at": note["at"],
        "history": {"$concatArrays": [earlier, [step]]},
    }
