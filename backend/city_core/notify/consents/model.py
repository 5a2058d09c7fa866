"""Stored shape of consents: how many messages of a template somebody in WeChat still allows."""

from __future__ import annotations

from datetime import datetime

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, IndexModel

COLLECTION = "subscribe_consents"


class SubscribeConsents(Document):
    """Consents of one person in WeChat for one template; `_id` is `openid|template id`.

    `counted` are the latest commands that added to it, so that a repeated one adds nothing.
    """

    id: str  # type: ignore[assignment]
    left: int
    counted: list[str] = Field(default_factory=list)
    changed_at: datetime

    class Settings:
        name = COLLECTION
        indexes = [IndexModel([("changed_at", ASCENDING)])]


def key_of(openid: str, template_id: str) -> str:
    """Name the consents of one person for one template."""
    return f"{openid}|{template_id}"
