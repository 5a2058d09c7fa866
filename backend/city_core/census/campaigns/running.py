"""Which census is on, and which one a component that is looked at now belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.census.campaigns.drawn_anew import grids_before
from city_core.census.campaigns.model import CAMPAIGNS, CampaignState
from city_core.kit.city import City
from city_core.kit.mongo import Row


def state_of(campaign: Mapping[str, Any], now: datetime) -> CampaignState:
    """Tell how far a census is at an instant."""
    if campaign.get("ended_at") is not None or now >= campaign["ends_at"]:
        return CampaignState.ENDED
    return CampaignState.RUNNING if now >= campaign["starts_at"] else CampaignState.PLANNED


def on_at(at: datetime) -> Row:
    """Give the filter of the censuses that are on at an instant."""
    not_ended: Row = {"$or": [{"ended_at": None}, {"ended_at": {"$gt": at}}]}
    return {"starts_at": {"$lte": at}, "ends_at": {"$gt": at}, **not_ended}


async def running_campaign(city: City, grid_code: str, type_code: str, at: datetime) -> str | None:
    """Name the census that a component of this type in this unit grid belongs to; of several the first."""
    codes = await grids_before(city, grid_code)
    query = {**on_at(at), "type_codes": type_code, "grids.unit_grid_codes": {"$in": codes}}
    found = await city.database[CAMPAIGNS].find_one(query, {"_id": 1}, sort=[("_id", 1)], hint="ends_at_1")
    return str(found["_id"]) if found is not None else None
