"""Stored shapes of the command log, and of the queue of each phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, IndexModel


class LoggedCommand(Document):
    """One command of one person and what became of it; `_id` is person and client id, so it exists once.

    `given` is the whole input and `photo_ids` the photos that it names, kept only while the command is held.
    `device_time` is what the phone's clock
    said, `made_at` the same put right by `skew_ms`. `expires_at` is set once it is done.
    """

    id: str  # type: ignore[assignment]
    person_id: str
    client_id: str | None
    name: str
    input_hash: str
    state: Literal["RUNNING", "DONE", "HELD"]
    outcome: dict[str, Any] | None = None
    case_id: str | None = None
    case_version: int | None = None
    component_code: str | None = None
    is_just_done: bool = False  # it answers with nothing but that
    base_version: int | None = None
    queue_id: str | None = None
    device_id: str | None = None
    sequence: int | None = None
    given: dict[str, Any] | None = None
    photo_ids: list[str] | None = None
    device_time: datetime | None = None
    made_at: datetime | None = None
    skew_ms: int | None = None
    received_at: datetime
    settled_at: datetime | None = None
    origin: str
    attempts: int = 0
    token: str | None = None
    lease_until: datetime | None = None
    expires_at: datetime | None = None
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "command_log"
        indexes = [
            IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
            IndexModel(
                [("queue_id", ASCENDING), ("state", ASCENDING), ("sequence", ASCENDING)],
                partialFilterExpression={"queue_id": {"$exists": True}},
                name="queue",
            ),
            IndexModel([("photo_ids", ASCENDING)], sparse=True, name="photos"),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)], sparse=True, name="work"),
        ]


class DeviceQueue(Document):
    """How far the numbered commands of one person's phone have been settled."""

    id: str  # type: ignore[assignment]
    person_id: str
    device_id: str
    last: int
    used_at: datetime

    class Settings:
        name = "device_queues"
        indexes = [IndexModel([("used_at", ASCENDING)], expireAfterSeconds=400 * 86_400)]
