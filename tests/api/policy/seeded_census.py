"""The censuses of the matrix: one in each street, and whose task it is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.api.policy.seeded_places import COVER, GRIDS_OF
from tests.api.policy.seeded_rows import FOREIGN, SECRET
from tests.api.support import new_uuid

Row = dict[str, Any]


def campaign(whose: str, place: Row, now: datetime) -> Row:
    """Plan a census of the one grid of a street, for its inspector."""
    street = place["street_code"]
    grid = {
        "responsibility_grid_id": GRIDS_OF[whose], "street_code": street,
        "unit_grid_codes": [place["grid_code"]],
    }  # fmt: skip
    return {
        "name": f"{SECRET}_CAMPAIGN" if whose == FOREIGN else "平常", "goal": "CHECK_ALL",
        "type_codes": [COVER], "area_codes": [street], "grids": [grid], "street_codes": [street],
        "person_ids": [_inspector(whose)], "from_day": "2026-01-01", "to_day": "2036-01-01",
        "starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=9), "planned_by": "leader-1",
        "client_id": new_uuid(), "input_hash": "h", "created_at": now, "work": [],
    }  # fmt: skip


def task(whose: str, campaign_id: str, now: datetime) -> Row:
    """Have the inspector of the grid take it and be done with it."""
    return {
        "_id": f"{campaign_id}:{GRIDS_OF[whose]}", "campaign_id": campaign_id,
        "responsibility_grid_id": GRIDS_OF[whose], "assignee_id": _inspector(whose), "assigned_at": now,
        "done_at": now, "version": 1, "history": [],
    }  # fmt: skip


def _inspector(whose: str) -> str:
    return "inspector-far" if whose == FOREIGN else "inspector-1"
