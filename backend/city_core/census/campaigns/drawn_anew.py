"""A census goes on in the grids that replaced those it was planned for: what stands there has gone over."""

from __future__ import annotations

from collections.abc import Collection

from city_core.kit.city import City
from city_core.kit.mongo import Row

_MOST_TIMES = 10  # that one ground is drawn anew within a census


async def with_grids_drawn_anew(city: City, campaign: Row) -> Row:
    """See a census with the unit grids that came after its own, each in the task of those who hold it now.

    Where they have none in this census, in the task of those who held the grid before.
    """
    tasks = {grid["responsibility_grid_id"]: list(grid["unit_grid_codes"]) for grid in campaign["grids"]}
    holder_of = {code: holder for holder, codes in tasks.items() for code in codes}
    fresh: Collection[str] = list(holder_of)
    for _ in range(_MOST_TIMES):
        replaced = {"_id": {"$in": sorted(fresh)}, "replaced_by": {"$gt": ""}}
        ended = await city.database.unit_grids.find(replaced, {"replaced_by": 1}).sort("_id", 1).to_list(None)
        came = {new: holder_of[old["_id"]] for old in ended for new in old["replaced_by"]}
        fresh = came.keys() - holder_of.keys()
        if not fresh:
            break
        fields = {"responsibility_grid_id": 1}
        async for grid in city.database.unit_grids.find({"_id": {"$in": sorted(fresh)}}, fields):
            now = grid["responsibility_grid_id"]
            holder_of[grid["_id"]] = now if now in tasks else came[grid["_id"]]
            tasks[holder_of[grid["_id"]]].append(grid["_id"])
    grids = [
        {**grid, "unit_grid_codes": sorted(tasks[grid["responsibility_grid_id"]])}
        for grid in campaign["grids"]
    ]
    return {**campaign, "grids": grids}


async def grids_before(city: City, code: str) -> list[str]:
    """Name a unit grid and those that it came after."""
    found, fresh = {code}, {code}
    for _ in range(_MOST_TIMES):
        rows = city.database.unit_grids.find({"replaced_by": {"$in": sorted(fresh)}}, {"_id": 1})
        fresh = {row["_id"] async for row in rows} - found
        if not fresh:
            break
        found |= fresh
    return sorted(found)
