"""Reads about routing: the cases that no rule could dispatch, and the rules that are proposed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from city_core.cases.visibility import visible_filter
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, cursor_of, instant_of, keys_of
from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

KEEPERS_OF_ROUTING = frozenset({Role.ADMINISTRATOR})
_SEE_FAULTS = SEATS | {Role.LEADER}


async def page_of_routing_faults(
    city: City, actor: Actor, *, first: int, after: str | None = None, fields: Collection[str] | None = None
) -> Page:
    """List the cases that wait for a dispatcher because no rule could dispatch them, longest first."""
    check_post(actor, _SEE_FAULTS)
    size = checked_size(first)
    clauses: list[Row] = [
        {"routing_fault": {"$type": "object"}, "state": State.FILED.value},
        visible_filter(actor),
    ]
    if after is not None:
        clauses.append(_behind("routing_fault.at", after, "$gt"))
    projection = None if fields is None else dict.fromkeys({"_id", "routing_fault", *fields}, 1)
    cursor = city.database.cases.find({"$and": [clause for clause in clauses if clause]}, projection)
    rows = await cursor.sort([("routing_fault.at", 1), ("_id", 1)]).limit(size + 1).to_list(size + 1)
    return _page(rows, size, lambda row: row["routing_fault"]["at"])


def check_post(actor: Actor, posts: Collection[Role]) -> None:
    """Refuse whoever has none of these posts."""
    if actor.role not in posts:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(posts)))


def _behind(field: str, after: str, way: str) -> Row:
    at, key = keys_of(after, 2)
    instant = instant_of(at)
    return {"$or": [{field: {way: instant}}, {field: instant, "_id": {way: key}}]}


def _page(rows: list[Row], size: int, at: Any) -> Page:
    shown = rows[:size]
    end = cursor_of(at(shown[-1]).isoformat(), shown[-1]["_id"]) if shown else None
    return Page(shown, end, len(rows) > size)


async def page_of_routing_proposals(
    city: City, actor: Actor, *, state: str, first: int, after: str | None = None
) -> Page:
    """List the proposed rules in one state, the latest first, for the keeper of the rules."""
    check_post(actor, KEEPERS_OF_ROUTING)
    size = checked_size(first)
    query: Row = {"state": state, **(_behind("last_at", after, "$lt") if after is not None else {})}
    cursor = city.database.routing_proposals.find(query).sort([("last_at", -1), ("_id", -1)])
    rows = await cursor.limit(size + 1).to_list(size + 1)
    return _page(rows, size, lambda row: row["last_at"])
