"""Reads of emergencies: those that concern you, one of them, what one would change, and the kinds."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.emergency.inputs import EmergencyPreviewInput
from city_api.emergency.types import Emergency, EmergencyConnection, EmergencyPreview, EmergencyProfile
from city_core.cases.emergency.model import EmergencyState
from city_core.cases.emergency.preview import preview_emergency
from city_core.cases.emergency.profile import Profile
from city_core.cases.emergency.queries import find_emergency, page_of_emergencies
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules


@strawberry.type
class EmergencyQueries:
    @strawberry.field(
        graphql_type=EmergencyConnection,
        description="The emergencies of your streets; outdoors those that are on, without drills.",
    )
    async def emergencies(
        self, info: Info, state: EmergencyState | None = None, first: int = 20, after: str | None = None
    ) -> object:
        city, actor = info.context.city, await info.context.actor()
        wanted = None if state is None else state.value
        return await page_of_emergencies(city, actor, state=wanted, first=first, after=after)

    @strawberry.field(graphql_type=Emergency | None, description="One emergency that concerns you.")
    async def emergency(self, info: Info, id: strawberry.ID) -> Row | None:
        return await find_emergency(info.context.city, await info.context.actor(), id)

    @strawberry.field(graphql_type=EmergencyPreview, description="What an emergency would change now.")
    async def emergency_preview(self, info: Info, input: EmergencyPreviewInput) -> object:
        return await preview_emergency(
            info.context.city,
            await info.context.actor(),
            profile=input.profile,
            area_codes=input.area_codes,
            is_drill=input.is_drill,
        )

    @strawberry.field(
        graphql_type=list[EmergencyProfile],
        description="The kinds of emergencies 应急预案 in force.",
    )
    async def emergency_profiles(self, info: Info) -> list[Profile]:
        await info.context.actor()
        opened = await open_rules(info.context.city, EMERGENCY_PROFILES)
        return [opened.rules[name] for name in sorted(opened.rules)]
