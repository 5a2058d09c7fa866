"""Reads of the audit log, for the auditor alone; each look is put on record like any other reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.audit.entry import LONGEST_ID, By, masked
from city_core.audit.head import SignedHead, export_head, public_key
from city_core.audit.model import ENTRIES, WAITING
from city_core.audit.record import Deed, Subject, record
from city_core.audit.references import persons_of, references_to
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page, checked_size, instant_of, keys_of, page_of
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text

AUDITOR = "AUDITOR"
_NOT_SHOWN = {"mark": 0, "seal": 0, "seal_key_id": 0, "key_id": 0}


@dataclass(frozen=True)
class EntryFilter:
    """What the log is narrowed down to: deeds, who did them, what or whom they were done to, and when."""

    verbs: Sequence[Verb] | None = None
    person_id: str | None = None
    subject_id: str | None = None
    subject_person_id: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class HeadView:
    """The signed end of the chain, what waits for its seal, and the public key that checks the head."""

    head: SignedHead
    waiting: int
    public_key: str


async def audit_entries(
    city: City, actor: By, wanted: EntryFilter, *, first: int = 50, after: str | None = None
) -> Page:
    """List what is on record, the newest first; persons by their ids as far as they were not forgotten."""
    _check_auditor(actor)
    size = checked_size(first)
    clauses = [*await _clauses(city, wanted), *_after(after)]
    query = {"$and": clauses} if clauses else {}
    found = city.database[ENTRIES].find(query, _NOT_SHOWN).sort([("at", -1), ("_id", -1)])
    page = page_of(await found.limit(size + 1).to_list(size + 1), size, "at", "_id")
    await record(city, actor, Deed(Verb.AUDIT_READ, _looked_at(page.rows), detail=await _told(city, wanted)))
    return Page(await _resolved(city, page.rows), page.end_cursor, page.has_next)


async def audit_head(city: City, actor: By) -> HeadView:
    """Give the signed head of the chain, to be kept outside the city."""
    _check_auditor(actor)
    head = await export_head(city)
    waiting = await city.database[ENTRIES].count_documents(WAITING)
    await record(city, actor, Deed(Verb.AUDIT_READ, Subject(Kind.AUDIT, "head"), detail=f"seq {head.seq}"))
    return HeadView(head, waiting, public_key(city))


def _check_auditor(actor: By) -> None:
    if actor.role != AUDITOR:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=AUDITOR)


def _looked_at(rows: Sequence[Row]) -> Subject:
    return Subject(Kind.AUDIT, "entries", [row["_id"] for row in rows])


async def _clauses(city: City, wanted: EntryFilter) -> list[Row]:
    clauses: list[Row] = []
    if wanted.verbs is not None:
        clauses.append({"verb": {"$in": [verb.value for verb in wanted.verbs]}})
    if wanted.person_id is not None:
        clauses.append({"person_ref": {"$in": await references_to(city, _id(wanted.person_id, "personId"))}})
    if wanted.subject_id is not None:
        clauses.append({"subject_id": {"$eq": _id(wanted.subject_id, "subjectId")}})
    if wanted.subject_person_id is not None:
        theirs = await references_to(city, _id(wanted.subject_person_id, "subjectPersonId"))
        clauses.append({"subject_id": {"$in": theirs}})
    if wanted.since is not None:
        clauses.append({"at": {"$gte": wanted.since}})
    if wanted.before is not None:
        clauses.append({"at": {"$lt": wanted.before}})
    return clauses


def _id(given: str, field: str) -> str:
    return checked_text(given, field=field, most=LONGEST_ID, least=1)


def _after(after: str | None) -> list[Row]:
    if after is None:
        return []
    at, last = keys_of(after, 2)
    when = instant_of(at)
    return [{"at": {"$lte": when}}, {"$or": [{"at": {"$lt": when}}, {"_id": {"$lt": last}}]}]


async def _told(city: City, wanted: EntryFilter) -> str:
    """Say what was asked for; persons as references, as everywhere in the log."""
    said: dict[str, Any] = {
        "verbs": ",".join(wanted.verbs or ()),
        "subject": wanted.subject_id and masked(wanted.subject_id),
        "since": wanted.since and wanted.since.isoformat(timespec="minutes"),
        "before": wanted.before and wanted.before.isoformat(timespec="minutes"),
    }
    for name, person_id in (("person", wanted.person_id), ("done to", wanted.subject_person_id)):
        known = await references_to(city, person_id) if person_id is not None else []
        said[name] = known[-1] if known else None if person_id is None else "unknown"
    return "; ".join(f"{name} {value}" for name, value in said.items() if value)


async def _resolved(city: City, rows: Sequence[Row]) -> list[Row]:
    persons = [row["subject_id"] for row in rows if row["subject_kind"] == Kind.PERSON]
    found = await persons_of(city, [*(row["person_ref"] for row in rows), *persons])
    return [
        {
            **row,
            "person_id": found.get(row["person_ref"]),
            "subject_person_id": found.get(row["subject_id"]) if row["subject_kind"] == Kind.PERSON else None,
        }
        for row in rows
    ]
