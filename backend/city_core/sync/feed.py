"""Feeds changes to the scopes that they lie in: a batch is one transaction with the place to go on from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson import Timestamp
from pymongo import UpdateOne

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.sync.lease import Lease, write_feed
from city_core.sync.scopes import FED

Changed = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class _Entry:
    """One entry that is to be written: a document changed in a scope, or left it."""

    scope: str
    document_id: str
    deleted: bool


async def feed(
    city: City, lease: Lease, changed: Changed, values: Row, *, after: Timestamp | None = None
) -> set[str]:
    """Note in every scope what became of these documents; names the scopes in which something did.

    `changed` names documents by collection. The entries, their sequence numbers and `values` of the feed
    (where to go on) are kept together or not at all, so nothing is fed twice and `seq` grows as commits do.
    What a document is now decides, not what each change made of it: many changes of one are one entry.
    Raises LeaseLost when somebody else feeds by now.
    """

    async def write(session: Session) -> set[str]:
        entries = await _entries(city, changed, session)
        fed = await write_feed(city, lease, values, more=len(entries), session=session)
        await point("feed.half_fed")
        if entries:
            now, first = city.clock.now(), fed["seq"] - len(entries) + 1
            writes = [_write(entry, first + place, now) for place, entry in enumerate(entries)]
            await city.database.sync_entries.bulk_write(writes, ordered=False, session=session)
        return {entry.scope for entry in entries}

    scopes = await in_transaction(city.database, write, after=after)
    for scope in scopes:
        city.waker.announce(f"sync:{scope}", {})
    return scopes


async def _entries(city: City, changed: Changed, session: Session) -> list[_Entry]:
    """Find out what to write: first what left a scope, then what is in one, in the order of the changes."""
    left: list[_Entry] = []
    inside: list[_Entry] = []
    for collection, ids in changed.items():
        now_in = await _scopes_now(city, collection, ids, session)
        before = await _scopes_before(city, _entry_ids(collection, ids), session)
        for id_ in ids:
            name = entry_id(collection, id_)
            scopes = now_in.get(id_, set())
            left += [_Entry(scope, name, True) for scope in sorted(before[name] - scopes)]
            inside += [_Entry(scope, name, False) for scope in sorted(scopes)]
    return list(dict.fromkeys([*left, *inside]))


def entry_id(collection: str, document_id: str) -> str:
    """Name a document in the entries: rules and the like are one document for a collection."""
    return document_id if collection in ("cases", "components") else collection


def _entry_ids(collection: str, ids: Collection[str]) -> list[str]:
    return list(dict.fromkeys(entry_id(collection, id_) for id_ in ids))


async def _scopes_now(
    city: City, collection: str, ids: Collection[str], session: Session
) -> dict[str, set[str]]:
    fields, scopes_of = FED[collection]
    if collection not in ("cases", "components"):
        return {id_: scopes_of({}) for id_ in ids}
    projection = dict.fromkeys(_read(fields), 1)
    rows = city.database[collection].find({"_id": {"$in": list(ids)}}, projection, session=session)
    return {row["_id"]: scopes_of(row) async for row in rows}


def _read(fields: Collection[str]) -> list[str]:
    """Read of a case only what decides: its photos' and reports' words are no matter here."""
    inner = {"place": ["place.responsibility_grid_id", "place.street_code"],
             "joined_reports": ["joined_reports.reporter_id"],
             "task": ["task.assignee_id"],
             "assistants": ["assistants.assignee_id", "assistants.answered_at"]}  # fmt: skip
    return [name for field in fields for name in inner.get(field, [field])]


async def _scopes_before(city: City, ids: list[str], session: Session) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query: dict[str, Any] = {"document_id": {"$in": ids}, "deleted": False}
    rows = city.database.sync_entries.find(query, {"scope": 1, "document_id": 1}, session=session)
    async for row in rows:
        found[row["document_id"]].add(row["scope"])
    return found


def _write(entry: _Entry, seq: int, now: datetime) -> UpdateOne:
    return UpdateOne(
        {"_id": f"{entry.scope}|{entry.document_id}"},
        {"$set": {
            "scope": entry.scope, "document_id": entry.document_id, "seq": seq, "deleted": entry.deleted,
            "deleted_at": now if entry.deleted else None,
        }},
        upsert=True,
    )  # fmt: skip
