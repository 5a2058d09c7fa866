"""Finds the few cases of a small part of the map, each by itself: the very cases that are counted there."""

from __future__ import annotations

from collections.abc import Collection

from city_core.cases.tallies.counted import cell_in
from city_core.cases.tallies.parts import PERSON, Part, parts_of
from city_core.cases.tallies.paths import cases_asked, hint_of_ended, hint_of_open, scanned_by
from city_core.cases.tallies.read import is_late
from city_core.cases.tallies.wanted import Area, Wanted
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.places.cells import parent_of

_MOST_MS = 5_000
_DECIDING = ("place.cell", "place.point")
Asked = tuple[Row, str]


async def find_in_area(
    city: City, actor: Actor, wanted: Wanted, area: Area, *, fields: Collection[str], most: int
) -> list[Row]:
    """List what `tally_cases` counts in an area, `most` cases and one more at the most, each with `late`."""
    found: dict[str, Row] = {}
    late = {"late": is_late(city.clock.now())}
    for query, hint in _asked(city, actor, wanted, area):
        cursor = city.database.cases.find(
            query, {**dict.fromkeys((*fields, *_DECIDING), 1), **late}, hint=hint, max_time_ms=_MOST_MS
        )
        async for row in cursor:
            if parent_of(cell_in(row["place"]), area.level) in area.cells:
                found[row["_id"]] = row
            if len(found) > most:
                return list(found.values())
    return list(found.values())


def _asked(city: City, actor: Actor, wanted: Wanted, area: Area) -> list[Asked]:
    asked: list[Asked] = []
    late = is_late(city.clock.now())
    only_late = [] if wanted.late is None else [{"$expr": late if wanted.late else {"$not": [late]}}]
    for part in parts_of(actor):
        if wanted.open_states:
            hint = hint_of_open(part)
            asked.append((cases_asked(wanted, area, wanted.open_states, part, hint, more=only_late), hint))
        if wanted.ended_states:
            index = scanned_by(actor, wanted, area) or "ended_map"
            hint = hint_of_ended(part, index)
            asked.append((cases_asked(wanted, area, wanted.ended_states, part, hint), hint))
    if wanted.own_merged and wanted.late is None:
        own = Part((PERSON, [actor.person_id]))
        only_reported = [{"reporter_id": actor.person_id}]
        hint = hint_of_ended(own, "")
        asked.append((cases_asked(wanted, area, [State.MERGED.value], own, hint, more=only_reported), hint))
    return asked
