"""What is somebody's own to act on: a fresh object for each command, where its step is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from city_core.cases.duplicates.handles import seal_handle
from city_core.kit.ids import new_id
from tests.api.policy.own_cases import OwnCases
from tests.api.policy.seeded import OWN, Ids
from tests.api.support import Api, new_uuid
from tests.village import GRID, RESPONSIBILITY, STREET

_CENSUS_TASKS = ("assignCensusTask", "finishCensusTask")


@dataclass
class OwnObjects:
    """Cases, handles of cases and events of the near street that nothing has happened to yet."""

    api: Api
    cases: OwnCases
    event: dict[str, Any]
    campaign: dict[str, Any]

    @classmethod
    async def begin(cls, api: Api, ids: Ids) -> OwnObjects:
        """Look at what the others are to be like."""
        event = await api.city.database.eye_events.find_one({"_id": ids["eventId"][OWN]})
        campaign = await api.city.database.campaigns.find_one({"_id": ids["campaignId"][OWN]})
        assert event is not None and campaign is not None
        return cls(api, await OwnCases.begin(api), event, campaign)

    async def one_for(self, command: str, kind: str) -> dict[str, Any]:
        """Make the object of one command; answers what the command's input has to name."""
        if kind == "caseId":
            return await self.cases.one_for(command)
        if kind == "eventId":
            event = {**self.event, "_id": new_id()}
            await self.api.city.database.eye_events.insert_one(event)
            return {"eventId": event["_id"]}
        if kind == "token":  # nobody joins what they reported themselves
            case_id = await self.cases.of_another("citizen-2")
            return {"token": seal_handle(self.api.city, self.api.people["citizen-1"], case_id)}
        if kind == "campaignId" and command in _CENSUS_TASKS:
            return await self._census_of_one_grid()
        return {}

    async def _census_of_one_grid(self) -> dict[str, Any]:
        """Plan a census of nothing that is on record, so that each of its grids can be done with."""
        grid = {"responsibility_grid_id": RESPONSIBILITY, "street_code": STREET, "unit_grid_codes": [GRID]}
        known = {"_id": new_id(), "client_id": new_uuid(), "type_codes": ["C0102"], "grids": [grid]}
        await self.api.city.database.campaigns.insert_one({**self.campaign, **known})
        given = {"campaignId": known["_id"], "gridId": RESPONSIBILITY, "personId": "inspector-1"}
        return {**given, "_about": set(given)}
