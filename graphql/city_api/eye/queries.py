"""Reads of the city eye."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.eye.types import (
    EyeBatch,
    EyeEvent,
    EyeEventConnection,
    EyeFlightConnection,
    MachineSource,
)
from city_core.eye.model import EventState
from city_core.eye.queries import batch_of, find_event, find_flight, page_of_events, page_of_flights
from city_core.eye.sources import machine_sources
from city_core.kit.mongo import Row
from city_core.kit.pages import Page


@strawberry.type
class EyeQueries:
    @strawberry.field(
        graphql_type=list[MachineSource], description="All machine sources; for the security administrator."
    )
    async def machine_sources(self, info: Info) -> list[Row]:
        return await machine_sources(info.context.city, await info.context.actor())

    @strawberry.field(
        graphql_type=EyeEventConnection,
        description="What machines saw in your streets, the newest first; for seats and leaders.",
    )
    async def eye_events(
        self, info: Info, state: EventState | None = None, first: int = 20, after: str | None = None
    ) -> Page:
        context = info.context
        return await page_of_events(
            context.city, await context.actor(), state=state, first=first, after=after
        )

    @strawberry.field(graphql_type=EyeEvent | None, description="One event of your streets.")
    async def eye_event(self, info: Info, id: strawberry.ID) -> Row | None:
        return await find_event(info.context.city, await info.context.actor(), id)

    @strawberry.field(
        graphql_type=EyeFlightConnection, description="Flights over your streets, the newest first."
    )
    async def eye_batches(self, info: Info, first: int = 20, after: str | None = None) -> Page:
        context = info.context
        return await page_of_flights(context.city, await context.actor(), first=first, after=after)

    @strawberry.field(graphql_type=EyeBatch | None, description="One flight over your streets as a batch.")
    async def eye_batch(self, info: Info, id: strawberry.ID) -> object:
        context = info.context
        actor = await context.actor()
        flight = await find_flight(context.city, actor, id)
        return None if flight is None else await batch_of(context.city, actor, flight)
