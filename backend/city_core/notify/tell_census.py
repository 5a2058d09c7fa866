"""The inspectors of a census are told that it has begun."""

from __future__ import annotations

from city_core.cases.notices import NoticeKind
from city_core.census.campaigns.concerned import concerned_filter
from city_core.census.campaigns.model import CAMPAIGNS, CampaignState
from city_core.census.campaigns.running import state_of
from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.deliver import deliver

_MOST_TOLD = 2_000
_FIRST_STEP = 1


async def tell_census(city: City, held: Claim) -> None:
    """Tell each inspector once that a census has begun; of one that was called off nobody hears."""
    campaign = await city.database[CAMPAIGNS].find_one({"_id": held.owner_id})
    if campaign is None or state_of(campaign, city.clock.now()) is not CampaignState.RUNNING:
        return
    found = city.database.people.find(concerned_filter(campaign), {"_id": 1}).sort("_id", 1).limit(_MOST_TOLD)
    async for person in found:
        kind = NoticeKind.CENSUS_STARTED.value
        await deliver(city, person["_id"], kind, campaign["_id"], _FIRST_STEP)
