"""Reads of cases, as projections, for whoever may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.cases.tallies.read import WHOLE_CITY, tally_cases
from city_core.cases.tallies.wanted import Wanted, asked_states
from city_core.cases.visibility import FIELDS_ASKED, may_see, visible_filter
from city_core.cases.workflow import OPEN_STATES, State
from city_core.kit.city import City
from city_core.kit.geo import distance_m
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, keys_of, page_of
from city_core.people.roles import Actor, Role
from city_core.places.locate import GivenPoint, checked_wgs84

_RADII_M = (500, 2_000, 8_000, 40_000)
_COUNT_LIMIT_MS = 3_000
_BY_STATE = [("state", 1), ("_id", -1)]


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed down to; None means everything that one may see."""

    states: Sequence[str] | None = None
    type_code: str | None = None
    street_code: str | None = None
    community_code: str | None = None
    department_id: str | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    late: bool | None = None
    mine: bool | None = None
    merged: bool | None = None


async def find_case(
    city: City, actor: Actor, case_id: str, fields: Collection[str] | None = None
) -> Row | None:
    """Find a case; one that is not there and one that is not theirs to see look the same."""
    projection = None if fields is None else _projection({*fields, *FIELDS_ASKED})
    case: Row | None = await city.database.cases.find_one({"_id": case_id}, projection)
    return case if case is not None and may_see(actor, case) else None


async def page_of_cases(
    city: City,
    actor: Actor,
    wanted: CaseFilter,
    *,
    first: int,
    after: str | None = None,
    fields: Collection[str] | None = None,
) -> Page:
    """List cases, newest first, a page at a time."""
    size = checked_size(first)
    clauses = _clauses(city, actor, wanted)
    if (left_out := _left_out(actor, wanted)) is not None:
        clauses.append({"$nor": [left_out]})
    if after is not None:
        clauses.append({"_id": {"$lt": keys_of(after, 1)[0]}})
    query = _each_way(clauses) if actor.role is Role.INSPECTOR else _all_of(clauses)
    cursor = city.database.cases.find(query, _projection(fields)).sort("_id", -1)
    return page_of(await cursor.limit(size + 1).to_list(size + 1), size, "_id")


async def count_cases(city: City, actor: Actor, wanted: CaseFilter) -> int:
    """Count the cases of a list, whatever the history: open ones in an index, ended ones from the tallies.

    What tallies do not tell apart, the list's own cases and those of one department, is counted in an index,
    and the few that are left out of lists are taken off.
    """
    if wanted.mine or wanted.department_id is not None:
        return await _count_in_index(city, actor, wanted)
    states, own_merged = asked_states(actor, wanted.states, wanted.merged)
    counts = await tally_cases(
        city,
        actor,
        Wanted(
            states,
            own_merged,
            None if wanted.type_code is None else (wanted.type_code,),
            wanted.street_code,
            wanted.community_code,
            wanted.reported_from,
            wanted.reported_to,
            wanted.late,
        ),
    )
    return counts[WHOLE_CITY].n if counts else 0


async def _count_in_index(city: City, actor: Actor, wanted: CaseFilter) -> int:
    clauses, left_out = _clauses(city, actor, wanted), _left_out(actor, wanted)
    counted = await _count(city, clauses)
    if left_out is None:
        return counted
    return counted - await _count(city, [*clauses, left_out], hint=_BY_STATE)


async def _count(city: City, clauses: Sequence[Row], **options: Any) -> int:
    query = _all_of(clauses)
    return await city.database.cases.count_documents(query, maxTimeMS=_COUNT_LIMIT_MS, **options)


async def nearest_cases(
    city: City,
    actor: Actor,
    *,
    lng: float,
    lat: float,
    datum: str = "WGS84",
    first: int = 20,
    fields: Collection[str] | None = None,
) -> list[Row]:
    """List the open cases nearest to a point, each with `distance_m`; the search widens as it needs to."""
    size = checked_size(first)
    point = checked_wgs84(GivenPoint(lng, lat, datum))
    here: tuple[float, float] = (point["coordinates"][0], point["coordinates"][1])
    rows: list[Row] = []
    for radius_m in _RADII_M:
        near = {"$nearSphere": {"$geometry": point, "$maxDistance": radius_m}}
        query = {
            "place.point": near, "state": {"$in": sorted(OPEN_STATES)}, **visible_filter(actor),
        }  # fmt: skip
        cursor = city.database.cases.find(query, _projection({*(fields or ()), "place"}))
        rows = await cursor.limit(size).to_list(size)
        if len(rows) == size:
            break
    for row in rows:
        there = row["place"]["point"]["coordinates"]
        row["distance_m"] = distance_m(here, (there[0], there[1]))
    return rows


def _clauses(city: City, actor: Actor, wanted: CaseFilter) -> list[Row]:
    exact = {
        "type_code": wanted.type_code,
        "place.street_code": wanted.street_code,
        "place.community_code": wanted.community_code,
        "department_id": wanted.department_id,
    }
    clauses: list[Row] = [visible_filter(actor)]
    clauses += [{name: value} for name, value in exact.items() if value is not None]
    if wanted.states is not None:
        clauses.append({"state": {"$in": list(wanted.states)}})
        if OPEN_STATES.issuperset(wanted.states):  # word for word what indexes of open cases are partial by
            clauses.append({"state": {"$in": sorted(OPEN_STATES)}})
    if wanted.reported_from is not None:
        clauses.append({"reported_at": {"$gte": wanted.reported_from}})
    if wanted.reported_to is not None:
        clauses.append({"reported_at": {"$lt": wanted.reported_to}})
    if wanted.merged:
        clauses.append({"state": State.MERGED.value})
    if wanted.mine:
        clauses.append({"people_involved": actor.person_id})
    if wanted.late is not None:
        clauses += _lateness(city.clock.now(), wanted.late)
    return [clause for clause in clauses if clause]


def _left_out(actor: Actor, wanted: CaseFilter) -> Row | None:
    """A merged case is not one more case: lists and counts leave it out, but not for its reporters."""
    if wanted.merged is None and (wanted.states is not None or actor.role in (Role.CITIZEN, Role.SYSTEM)):
        return None
    if wanted.merged:
        return None
    merged: Row = {"state": State.MERGED.value}
    reports_cases = wanted.merged is None and actor.role is Role.INSPECTOR
    return {**merged, "reporter_id": {"$ne": actor.person_id}} if reports_cases else merged


def _lateness(now: datetime, late: bool) -> list[Row]:
    """An open case is late when it was, or is still to be, handled after its deadline."""
    is_open = {"state": {"$in": sorted(OPEN_STATES)}}
    still_waits = {"handled_at": None, "deadline_at": {"$lt": now}}
    handled_late = {"$expr": {"$gt": ["$handled_at", "$deadline_at"]}, "handled_at": {"$ne": None}}
    return [is_open, {"$or" if late else "$nor": [still_waits, handled_late]}]


def _all_of(clauses: Sequence[Row]) -> Row:
    return {"$and": list(clauses)} if clauses else {}


def _each_way(clauses: Sequence[Row]) -> Row:
    """Ask for each way in which somebody sees a case by itself.

    Who sees few of the cases would otherwise be answered by reading all of them, newest first; so each way
    is read from its own index, and MongoDB merges them.
    """
    seen, *others = clauses
    return {"$or": [{"$and": [way, *others]} for way in seen.get("$or", [seen])]}


def _projection(fields: Collection[str] | None) -> dict[str, Any] | None:
    return None if fields is None else dict.fromkeys({"_id", *fields}, 1)
