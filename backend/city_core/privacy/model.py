"""Stored shapes of what people ask about their own data, and of what they agreed to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

REQUESTS = "data_requests"
AGREEMENTS = "privacy_agreements"
FILES = "data_copies"  # the GridFS bucket of the copies, until they expire


class DataRequestKind(StrEnum):
    """What somebody asks about their own data."""

    COPY = "COPY"  # 查阅、复制
    DELETION = "DELETION"  # 注销账号


class DataRequestState(StrEnum):
    """How far a request about one's own data is."""

    WAITING = "WAITING"  # asked for; a deletion can still be withdrawn
    RUNNING = "RUNNING"
    READY = "READY"  # the copy can be fetched
    EXPIRED = "EXPIRED"  # the copy is gone
    WITHDRAWN = "WITHDRAWN"
    DONE = "DONE"  # the account is deleted


class DataRequest(Document):
    """What a person asked about their own data; `_id` is the client id of the command.

    `due_at` is when it begins; `steps_done` names the stores that were gone through. Once an account is
    deleted, `person_id` is the reference that stands in old cases.
    """

    id: str  # type: ignore[assignment]
    person_id: str
    kind: DataRequestKind
    state: DataRequestState = DataRequestState.WAITING
    asked_at: datetime
    due_at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    steps_done: list[str] = Field(default_factory=list)
    counts: dict[str, int] = Field(default_factory=dict)  # by store: how many rows
    file_id: str | None = None
    file_bytes: int | None = None
    file_until: datetime | None = None
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = REQUESTS
        indexes = [
            IndexModel([("person_id", ASCENDING), ("asked_at", DESCENDING)]),
            IndexModel(
                [("person_id", ASCENDING), ("kind", ASCENDING)],
                unique=True,
                partialFilterExpression={"state": {"$in": ["RUNNING", "WAITING"]}},
                name="one_at_a_time",
            ),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("file_until", ASCENDING)]),
            IndexModel([("ended_at", ASCENDING)]),
        ]


class PrivacyAgreement(Document):
    """Somebody agreed to a version of the privacy notice; `_id` is `person:version`."""

    id: str  # type: ignore[assignment]
    person_id: str
    version: int
    agreed_at: datetime
    language: Literal["zh", "en"]

    class Settings:
        name = AGREEMENTS
        indexes = [IndexModel([("person_id", ASCENDING), ("version", ASCENDING)])]
