"""People decide on what machines saw; the security administrator lets machines in."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.eye.inputs import (
    ConfirmEventInput,
    CreateMachineSourceInput,
    DismissEventInput,
    MachineSourceInput,
)
from city_api.eye.types import EyeEvent, MachineKey, MachineSource
from city_api.results import result_of
from city_core.eye.decide_event import confirm_event, dismiss_event
from city_core.eye.sources import (
    IssuedKey,
    NewSource,
    create_machine_source,
    disable_machine_source,
    rotate_machine_key,
)
from city_core.kit.mongo import Row


@strawberry.type
class EyeMutations:
    @strawberry.mutation(
        graphql_type=result_of("CreateMachineSource", MachineKey),
        description="Let a machine source hand in frames; its key is in the answer, once.",
    )
    async def create_machine_source(self, info: Info, input: CreateMachineSourceInput) -> IssuedKey:
        context = info.context
        given = NewSource(input.name, input.kind, list(input.street_codes), input.frames_per_minute)
        return await create_machine_source(
            context.city, await context.actor(), context.command_of(input), given
        )

    @strawberry.mutation(
        graphql_type=result_of("RotateMachineKey", MachineKey),
        description="Give a source another key and open it again; the old key opens nothing any more.",
    )
    async def rotate_machine_key(self, info: Info, input: MachineSourceInput) -> IssuedKey:
        context = info.context
        return await rotate_machine_key(
            context.city, await context.actor(), context.command_of(input), input.source_id
        )

    @strawberry.mutation(
        graphql_type=result_of("DisableMachineSource", MachineSource),
        description="Close a source: its key opens nothing any more.",
    )
    async def disable_machine_source(self, info: Info, input: MachineSourceInput) -> Row:
        context = info.context
        return await disable_machine_source(
            context.city, await context.actor(), context.command_of(input), input.source_id
        )

    @strawberry.mutation(
        graphql_type=result_of("ConfirmEvent", EyeEvent),
        description="Confirm what machines saw: it becomes a case, and the nearest inspector verifies it.",
    )
    async def confirm_event(self, info: Info, input: ConfirmEventInput) -> Row:
        context = info.context
        return await confirm_event(
            context.city,
            await context.actor(),
            input.event_id,
            context.command_of(input),
            type_code=input.type_code,
            condition_id=input.condition_id,
            opinion=input.opinion,
        )

    @strawberry.mutation(
        graphql_type=result_of("DismissEvent", EyeEvent),
        description="Dismiss what machines saw, with a reason.",
    )
    async def dismiss_event(self, info: Info, input: DismissEventInput) -> Row:
        context = info.context
        return await dismiss_event(
            context.city,
            await context.actor(),
            input.event_id,
            context.command_of(input),
            reason=input.reason,
        )
