"""Reads for those who watch over cases: what nobody has, what is late, which receipts are missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from city_core.cases.visibility import visible_filter
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, cursor_of, instant_of, keys_of
from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

WATCHERS = SEATS | {Role.LEADER}


class Watch(StrEnum):
    """Why a case is to be watched, the most pressing first."""

    UNASSIGNED = "UNASSIGNED"
    RED = "RED"
    YELLOW = "YELLOW"


_ORDER = tuple(Watch)
_MOMENT = {Watch.UNASSIGNED: "unassigned_since", Watch.RED: "red_at", Watch.YELLOW: "yellow_at"}


async def cases_to_watch(
    city: City,
    actor: Actor,
    *,
    first: int,
    after: str | None = None,
    watch: Watch | None = None,
    fields: Collection[str] | None = None,
) -> Page:
    """List the cases of one's streets that nobody has, then the red ones, then the yellow, the longest first.

    All pages of one list are as of the moment of its first page.
    """
    if actor.role not in WATCHERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(WATCHERS)))
    size = checked_size(first)
    place = _place_from(after) if after is not None else (None, None, None)
    now = city.clock.now() if after is None else instant_of(keys_of(after, 4)[3])
    rows: list[Row] = []
    for kind in _kinds(watch, place[0]):
        query: Row = {"$and": _clauses(actor, kind, now, place if kind == place[0] else None)}
        projection = None if fields is None else dict.fromkeys({"_id", _MOMENT[kind], *fields}, 1)
        wanted = size + 1 - len(rows)
        cursor = city.database.cases.find(query, projection).sort([(_MOMENT[kind], 1), ("_id", 1)])
        rows += [{**row, "watch": kind.value} for row in await cursor.limit(wanted).to_list(wanted)]
        if len(rows) > size:
            break
    return _page(rows, size, now)


async def supervisions_open(
    city: City, actor: Actor, *, to_me: bool, first: int, after: str | None = None
) -> Page:
    """List supervisions and urgings without a receipt, the latest first: sent by oneself, or to oneself."""
    size = checked_size(first)
    own = {"to_person_id" if to_me else "by": actor.person_id, "confirmed_at": None}
    pipeline: list[dict[str, Any]] = [
        {"$match": {"$and": [{"supervisions": {"$elemMatch": own}}, visible_filter(actor)]}},
        {"$project": {"number": 1, "supervisions": 1}},
        {"$unwind": "$supervisions"},
        {"$match": {f"supervisions.{name}": value for name, value in own.items()}},
        {"$replaceWith": {
            "$mergeObjects": ["$supervisions", {"case_id": "$_id", "number": "$number"}],
        }},
    ]  # fmt: skip
    if after is not None:
        pipeline.append({"$match": {"id": {"$lt": keys_of(after, 1)[0]}}})
    pipeline += [{"$sort": {"id": -1}}, {"$limit": size + 1}]
    rows = await city.database.cases.aggregate(pipeline).to_list(size + 1)
    shown = rows[:size]
    return Page(shown, cursor_of(shown[-1]["id"]) if shown else None, len(rows) > size)


Place = tuple[Watch | None, datetime | None, str | None]


def _kinds(watch: Watch | None, reached: Watch | None) -> Sequence[Watch]:
    if watch is not None:
        return [watch]
    return _ORDER if reached is None else _ORDER[_ORDER.index(reached) :]


def _clauses(actor: Actor, kind: Watch, now: datetime, place: Place | None) -> list[Row]:
    clauses: list[Row] = [
        {"state": {"$in": sorted(OPEN_STATES)}, "place.street_code": {"$in": sorted(actor.street_codes)}},
        {_MOMENT[kind]: {"$lte": now}},
    ]
    if kind is not Watch.UNASSIGNED:
        clauses.append({"unassigned_since": None})
    if kind is Watch.YELLOW:
        clauses.append({"$nor": [{"red_at": {"$lte": now}}]})
    if place is not None:
        _, moment, case_id = place
        name = _MOMENT[kind]
        clauses.append({"$or": [{name: {"$gt": moment}}, {name: moment, "_id": {"$gt": case_id}}]})
    return [*clauses, *filter(None, [visible_filter(actor)])]


def _page(rows: Sequence[Row], size: int, now: datetime) -> Page:
    shown = list(rows[:size])
    if not shown:
        return Page(shown, None, False)
    last = shown[-1]
    moment: datetime = last[_MOMENT[Watch(last["watch"])]]
    end = cursor_of(last["watch"], moment.isoformat(), last["_id"], now.isoformat())
    return Page(shown, end, len(rows) > size)


def _place_from(cursor: str) -> Place:
    kind, moment, case_id, _ = keys_of(cursor, 4)
    if kind not in _ORDER:
        raise CityProblem("PAGE_INVALID", field="after", allowed="an endCursor of this list")
    return Watch(kind), instant_of(moment), case_id
