"""Reads of grid elements."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.audit.entry import By
from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.places.acting import Acting
from city_core.places.codes import checked_code
from city_core.places.elements.model import ELEMENTS, ElementKind
from city_core.places.elements.rights import elements_of


async def grid_elements(
    city: City,
    actor: Acting,
    *,
    grid_code: str | None,
    kind: ElementKind | None,
    first: int,
    after: str | None,
) -> Page:
    """List the elements of the grids that somebody answers for, by id; those that were retired are left out.

    The history stays behind: it is for whoever has to find out who changed what.
    """
    size = checked_size(first)
    kinds = [kind.value] if kind is not None else sorted(ElementKind)
    query: Row = {**elements_of(actor), "kind": {"$in": kinds}, "state": {"$ne": "REMOVED"}}
    if grid_code is not None:
        query["grid_code"] = checked_code("unit_grid", grid_code, field="gridCode")
    if after is not None:
        query["_id"] = {"$gt": keys_of(after, 1)[0] or ""}
    rows = city.database[ELEMENTS].find(query, {"history": 0}).sort("_id", 1).limit(size + 1)
    page = page_of(await rows.to_list(size + 1), size, "_id")
    await note_people_read(city, actor, page.rows)
    return page


async def note_people_read(city: City, actor: By, rows: Sequence[Row]) -> None:
    """Put on record that somebody reads elements that are people 人; of others nothing is noted."""
    people = [row["_id"] for row in rows if row["kind"] == ElementKind.PERSON]
    if people:
        await record(city, actor, Deed(Verb.ELEMENTS_READ, Subject(Kind.PEOPLE, "grid_elements", people)))
