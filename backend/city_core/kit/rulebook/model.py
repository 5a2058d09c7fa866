"""Stored shapes of rulebooks: each version as it was published, and which one is in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from beanie import Document
from pymongo import ASCENDING, DESCENDING, IndexModel

IN_FORCE = "in_force"


class RulebookVersion(Document):
    """One version of a rulebook, never changed after; `_id` is name and number, such as calendar:3."""

    id: str  # type: ignore[assignment]
    name: str
    version: int
    content: dict[str, list[dict[str, Any]]]
    note: str
    based_on: int
    published_at: datetime
    published_by: str
    client_id: str
    input_hash: str

    class Settings:
        name = "rulebook_versions"
        indexes = [
            IndexModel([("name", ASCENDING), ("version", DESCENDING)], unique=True),
            IndexModel([("published_by", ASCENDING), ("client_id", ASCENDING)], unique=True),
        ]


class RulesInForce(Document):
    """The one row that says which version of each rulebook is in force."""

    id: str  # type: ignore[assignment]
    versions: dict[str, int]

    class Settings:
        name = "rules_in_force"
