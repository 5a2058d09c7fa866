"""Stored shape of a photo: who sent it, its state, its own copies; bytes lie in GridFS."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel


class PhotoState(StrEnum):
    """How far a photo has come."""

    RECEIVED = "RECEIVED"  # bytes are stored, our own copies are not made yet
    READY = "READY"
    REFUSED = "REFUSED"  # not a photo, or broken; `refusal` is a problem code


class Photo(Document):
    """One photo; `_id` is the id that the phone made."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: str  # type: ignore[assignment]
    owner_id: str
    state: PhotoState
    sha256: str
    size_bytes: int
    content_type: str
    width_px: int | None = None
    height_px: int | None = None
    look_hash: str | None = None
    refusal: str | None = None
    original_file: Any = None
    large_file: Any = None
    small_file: Any = None
    received_at: datetime
    work: list[dict[str, Any]] = Field(default_factory=list)

    class Settings:
        name = "photos"
        indexes = [
            IndexModel([("owner_id", ASCENDING), ("received_at", ASCENDING)]),
            IndexModel([("work.kind", ASCENDING), ("work.due_at", ASCENDING)]),
        ]
