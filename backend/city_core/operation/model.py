"""Stored shapes of operation: what operators did, which migrations were made, and a restore under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from beanie import Document
from pydantic import Field
from pymongo import DESCENDING, IndexModel

DEEDS = "operator_deeds"
MIGRATIONS = "migrations"
RESTORES = "restores"
RESTORE = "restore"
MIGRATION_LEASE = "lease"


class OperatorDeed(Document):
    """What an operator did from the command line: who, what, about which ids; never a personal datum."""

    id: str  # type: ignore[assignment]
    by: str
    command: str
    about: dict[str, Any] = Field(default_factory=dict)
    at: datetime

    class Settings:
        name = DEEDS
        indexes = [IndexModel([("at", DESCENDING)])]


class Migration(Document):
    """A migration that was made, `_id` is its name; the row `lease` says who migrates until when.

    `fence` grows with each holder of the lease; `done` counts what the step brought up to date.
    """

    id: str  # type: ignore[assignment]
    by: str | None = None
    done: int | None = None
    made_at: datetime | None = None
    holder: str | None = None
    fence: int | None = None
    leased_until: datetime | None = None

    class Settings:
        name = MIGRATIONS


class Restore(Document):
    """A restore that has begun and not ended: while it is there, the city is not whole."""

    id: str  # type: ignore[assignment]
    backup: str
    by: str
    begun_at: datetime

    class Settings:
        name = RESTORES
