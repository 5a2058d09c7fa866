"""What a phone gets of one scope since its checkpoint: documents, tombstones, and how far it is now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from city_core.cases.components.visibility import FIELDS_ASKED as FIELDS_OF_COMPONENT
from city_core.cases.components.visibility import sees_component
from city_core.cases.visibility import FIELDS_ASKED, may_see
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.sync.checkpoint import Checkpoint, checkpoint_from
from city_core.sync.model import FEED, KEPT_DAYS
from city_core.sync.scopes import (
    CASE_FIELDS,
    COMPONENT_FIELDS,
    SyncScope,
    keys_of,
    keys_of_case,
    keys_of_component,
    mark_of,
)

MOST_DOCUMENTS = 100
_MARGIN = timedelta(days=KEPT_DAYS - 1)
_FEED_FIELDS = {"epoch": 1, "seq": 1, "days": 1, "is_complete": 1}


@dataclass(frozen=True)
class Pulled:
    """One answer: documents as `{_id, seq, deleted, document}` in the order of commits, and how to go on."""

    documents: list[Row]
    checkpoint: str
    has_more: bool
    reset_required: bool = False


@dataclass(frozen=True)
class Kind:
    """How the documents of a scope are read, and which keys one of them lies under."""

    collection: str
    fields: frozenset[str] | None
    keys_of: Callable[[Row], set[str]]
    may_see: Callable[[Row], bool]


async def pull_cases(
    city: City,
    actor: Actor,
    scope: SyncScope,
    *,
    checkpoint: str | None,
    limit: int,
    fields: Collection[str] | None = None,
) -> Pulled:
    """Give out the cases of a scope that changed since a checkpoint; without one, all of them.

    Whatever lies outside the scope by now, or is not theirs to see any more, comes as a tombstone.
    """
    needed = frozenset({"_id", *fields, *FIELDS_ASKED, *CASE_FIELDS}) if fields is not None else None
    kind = Kind("cases", needed, keys_of_case, lambda case: may_see(actor, case))
    return await pull_kind(city, actor, scope, kind, checkpoint, limit)


async def pull_components(
    city: City,
    actor: Actor,
    *,
    checkpoint: str | None,
    limit: int,
    fields: Collection[str] | None = None,
) -> Pulled:
    """Give out the components in somebody's grids that changed since a checkpoint; without one, all."""
    asked = {"_id", *COMPONENT_FIELDS, *FIELDS_OF_COMPONENT}
    needed = frozenset({*fields, *asked}) if fields is not None else None
    kind = Kind("components", needed, keys_of_component, lambda row: sees_component(actor, row))
    return await pull_kind(city, actor, SyncScope.COMPONENTS, kind, checkpoint, limit)


async def start_of(city: City, actor: Actor, scope: SyncScope, checkpoint: str | None) -> Checkpoint | None:
    """Find out where somebody goes on in a scope; None where their checkpoint is of no use any more.

    Refuses with SYNC_NOT_READY as long as the scopes are being made.
    """
    feed = await _feed(city)
    if checkpoint is None:
        return Checkpoint(feed["epoch"], 0, mark_of(actor, scope), feed["seq"])
    given = checkpoint_from(checkpoint)
    known = given.epoch == feed["epoch"] and given.mark == mark_of(actor, scope)
    in_range = _forgotten_until(feed, city.clock.now()) <= given.seq <= feed["seq"] or given.seq == 0
    return given if known and in_range and given.seq >= 0 else None


async def pull_kind(
    city: City, actor: Actor, scope: SyncScope, kind: Kind, checkpoint: str | None, limit: int
) -> Pulled:
    """Give out what changed of one kind of documents in a scope since a checkpoint."""
    if not 1 <= limit <= MOST_DOCUMENTS:
        raise CityProblem("PAGE_INVALID", field="limit", allowed=f"1 to {MOST_DOCUMENTS}")
    start = await start_of(city, actor, scope, checkpoint)
    if start is None:
        fresh = await start_of(city, actor, scope, None)
        assert fresh is not None
        return Pulled([], fresh.text(), has_more=False, reset_required=True)
    reached = (await _feed(city))["seq"]  # read before the entries: of what comes later none may be skipped
    keys = keys_of(actor, scope)
    seq_of, last, has_more = await _page(city, keys, start, limit)
    documents = await _documents(city, kind, set(keys), seq_of)
    until = last if has_more else max(last, reached)
    return Pulled(documents, replace(start, seq=until).text(), has_more)


async def _feed(city: City) -> Row:
    feed: Row | None = await city.database.sync_feed.find_one({"_id": FEED}, _FEED_FIELDS)
    if feed is None or not feed["is_complete"]:
        raise CityProblem("SYNC_NOT_READY")
    return feed


def _forgotten_until(feed: Row, now: datetime) -> int:
    """Tell up to which number tombstones may be gone: who stopped before that has to begin anew."""
    marks = feed["days"]
    if not marks or marks[0]["at"] >= now - _MARGIN:
        return 0
    kept = (mark["seq"] for mark in marks if mark["at"] >= now - _MARGIN)
    return int(next(kept, feed["seq"]))


async def _page(
    city: City, keys: list[str], start: Checkpoint, limit: int
) -> tuple[dict[str, int], int, bool]:
    """Read on until the page is full of different documents: RxDB takes a shorter one for the last.

    Gives the documents with their numbers, the last number read, and whether more follows. A case that went
    from one grid of somebody to another is two entries, but one document.
    """
    seq_of: dict[str, int] = {}
    last = start.seq
    while keys:
        wanted = limit - len(seq_of) + 1
        entries = await _entries(city, keys, replace(start, seq=last), wanted)
        for entry in entries:
            id_ = entry["document_id"]
            if len(seq_of) == limit and id_ not in seq_of:
                return seq_of, last, True
            seq_of.pop(id_, None)
            seq_of[id_] = last = entry["seq"]
        if len(entries) < wanted:
            break
    return seq_of, last, False


async def _entries(city: City, keys: list[str], start: Checkpoint, limit: int) -> list[Row]:
    news = {"$or": [{"deleted": False}, {"seq": {"$gt": start.first_until}}]}
    query = {"scope": {"$in": keys}, "seq": {"$gt": start.seq}, **news}
    rows = city.database.sync_entries.find(query, {"document_id": 1, "seq": 1}).sort("seq", 1)
    return await rows.limit(limit).to_list(limit)


async def _documents(city: City, kind: Kind, keys: set[str], seq_of: dict[str, int]) -> list[Row]:
    """Read the documents as they are now, each once: a later answer repeats what changes from now on."""
    projection = dict.fromkeys(kind.fields, 1) if kind.fields is not None else None
    rows = city.database[kind.collection].find({"_id": {"$in": list(seq_of)}}, projection)
    found = {row["_id"]: row async for row in rows}

    def document(id_: str) -> Row:
        row = found.get(id_)
        if row is not None and not (kind.keys_of(row) & keys and kind.may_see(row)):
            row = None
        return {"_id": id_, "seq": seq_of[id_], "deleted": row is None, "document": row}

    return [document(id_) for id_ in seq_of]
