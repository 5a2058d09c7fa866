"""The inspectors of a census are told that it has begun."""

from __future__ import annotations

from city_core.cases.notices import NoticeKind
from city_core.census.campaigns.concerned import concerned_filter
from city_core.census.campaigns.model import CAMPAIGNS, CampaignState
from city_core.census.campaigns.running import state_of
from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.tell_all import tell_all

_FIRST_STEP = 1


async def tell_census(city: City, held: Claim) -> bool:
    """Tell each inspector once that a census has begun; of one that was called off nobody hears.

    True when those who are left are told by work that follows.
    """
    campaign = await city.database[CAMPAIGNS].find_one({"_id": held.owner_id})
    if campaign is None or state_of(campaign, city.clock.now()) is not CampaignState.RUNNING:
        return False
    concerned = concerned_filter(campaign)
    return await tell_all(city, held, concerned, NoticeKind.CENSUS_STARTED.value, _FIRST_STEP)
