"""Whom a census concerns: the inspectors named for it, or those of its grids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.mongo import Row
from city_core.people.roles import Role


def concerned_filter(campaign: Mapping[str, Any]) -> Row:
    """Give the filter of the inspectors who are told that a census has begun: all of them may see it."""
    inspectors: Row = {
        "role": Role.INSPECTOR.value, "disabled": False, "street_codes": {"$in": campaign["street_codes"]},
    }  # fmt: skip
    if campaign["person_ids"]:
        return {"_id": {"$in": campaign["person_ids"]}, **inspectors}
    grid_ids = [grid["responsibility_grid_id"] for grid in campaign["grids"]]
    return {"responsibility_grid_ids": {"$in": grid_ids}, **inspectors}
