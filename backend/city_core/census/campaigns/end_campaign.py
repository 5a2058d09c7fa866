"""A census is ended before its last day."""

from __future__ import annotations

from city_core.cases.command import Command
from city_core.census.campaigns.model import CAMPAIGNS, CampaignState
from city_core.census.campaigns.queries import find_campaign
from city_core.census.campaigns.running import state_of
from city_core.census.rights import refuse_other_street
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor


async def end_campaign(city: City, actor: Actor, campaign_id: str, command: Command) -> Row:
    """End a census now, or call it off before it has begun; all of its streets have to be one's own."""
    campaign = await find_campaign(city, actor, campaign_id)
    for street_code in campaign["street_codes"]:
        refuse_other_street(actor, street_code, field="campaignId")
    now = city.clock.now()
    ended = {
        "ended_at": now, "ended_by": actor.person_id, "end_command_id": command.client_id, "work": [],
    }  # fmt: skip
    changed: Row | None = await city.database[CAMPAIGNS].find_one_and_update(
        {"_id": campaign_id, "ended_at": None, "ends_at": {"$gt": now}}, {"$set": ended}, return_document=True
    )
    if changed is not None:
        return changed
    campaign = await find_campaign(city, actor, campaign_id)
    if campaign["end_command_id"] != command.client_id or campaign["ended_by"] != actor.person_id:
        raise CityProblem("CAMPAIGN_OVER", field="campaignId", allowed=CampaignState.RUNNING)
    assert state_of(campaign, now) is CampaignState.ENDED
    return campaign
