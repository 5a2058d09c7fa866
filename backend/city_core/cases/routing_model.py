"""Stored shape of a proposed routing rule: what leaders decided again and again, for one type and street."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from beanie import Document
from pymongo import ASCENDING, DESCENDING, IndexModel


class RoutingProposal(Document):
    """A rule proposed 派遣规则建议; `_id` is type, street and department, so that each is there once."""

    id: str  # type: ignore[assignment]
    type_code: str
    street_code: str
    department_id: str
    case_ids: list[str]
    times: int
    state: Literal["OPEN", "TAKEN", "DISMISSED"]
    first_at: datetime
    last_at: datetime
    last_proposed_by: str
    decided_by: str | None
    decided_at: datetime | None
    note: str
    version: int | None
    client_id: str | None
    input_hash: str | None

    class Settings:
        name = "routing_proposals"
        indexes = [IndexModel([("state", ASCENDING), ("last_at", DESCENDING), ("_id", DESCENDING)])]
