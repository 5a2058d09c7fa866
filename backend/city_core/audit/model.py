"""Stored shapes of the audit log: its entries, the head of their chain, and the salts of references."""

from __future__ import annotations

from datetime import datetime

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

ENTRIES = "audit_entries"
HEAD = "audit_head"
SALTS = "audit_salts"
SEALED = {"is_sealed": True}
WAITING = {"is_sealed": False}
_NEWEST_FIRST = [("at", DESCENDING), ("_id", DESCENDING)]


class AuditEntry(Document):
    """What was done or read: by whom and to what as references, when, from where, and why.

    Written once and marked by its writer; the sealer adds `seq`, `seal` and `seal_key_id`, nobody anything
    else. A person is a reference (`references.py`), never a name, a number or an id. `writer`, `number` and
    what it tells of those before (`kit/numbering.py`) show an entry that was taken away before its seal.
    """

    id: str  # type: ignore[assignment]
    at: datetime
    verb: str
    person_ref: str
    post: str
    subject_kind: str
    subject_id: str
    subject_count: int
    subjects_mark: str
    reason: str
    detail: str
    origin: str
    network: str
    command_id: str
    key_id: str
    writer: str | None = None
    number: int | None = None
    unsettled: list[int] = Field(default_factory=list)
    unwritten: list[int] = Field(default_factory=list)
    mark: bytes
    is_sealed: bool = False
    seq: int | None = None
    seal: bytes | None = None
    seal_key_id: str | None = None

    class Settings:
        name = ENTRIES
        indexes = [
            IndexModel(_NEWEST_FIRST),
            IndexModel([("person_ref", ASCENDING), *_NEWEST_FIRST]),
            IndexModel([("subject_id", ASCENDING), *_NEWEST_FIRST]),
            IndexModel([("verb", ASCENDING), *_NEWEST_FIRST]),
            IndexModel([("seq", ASCENDING)], unique=True, partialFilterExpression=SEALED),
            IndexModel(
                [("is_sealed", ASCENDING), ("_id", ASCENDING)],
                name="audit_waiting",
                partialFilterExpression=WAITING,
            ),
            # A command that comes again is the same deed.
            IndexModel(
                [(name, ASCENDING) for name in ("command_id", "person_ref", "verb", "subject_id")],
                name="audit_commands",
                unique=True,
                partialFilterExpression={"command_id": {"$gt": ""}},
            ),
        ]


class AuditHead(Document):
    """The end of the chain, and who seals: `fence` grows with each new sealer."""

    id: str  # type: ignore[assignment]
    seq: int
    seal: bytes
    key_id: str
    sealed_at: datetime | None
    holder: str
    fence: int
    leased_until: datetime

    class Settings:
        name = HEAD


class AuditSalt(Document):
    """A person's own salt, and the references that were made with it; without the row they lead to nobody."""

    id: str  # type: ignore[assignment]
    salt: bytes
    refs: list[str]

    class Settings:
        name = SALTS
        indexes = [IndexModel([("refs", ASCENDING)])]
