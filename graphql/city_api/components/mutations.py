"""Components are added, moved, changed, taken out of use and checked; owners are settled."""

from __future__ import annotations

import strawberry

from city_api.commands.plain import plain
from city_api.components.inputs import (
    AddComponentInput,
    ChangeComponentInput,
    CheckComponentInput,
    MoveComponentInput,
    RetireComponentInput,
    SettleOwnerInput,
)
from city_api.components.types import Component
from city_api.context import Info
from city_api.results import result_of
from city_core.census import given
from city_core.census.departments import GivenDepartments
from city_core.census.settle_owner import settle_owner
from city_core.kit.mongo import Row


@strawberry.type
class ComponentMutations:
    @strawberry.mutation(
        graphql_type=result_of("AddComponent", Component),
        description="Put a component 部件 on record in your own grid; it gets the next code of its type.",
    )
    async def add_component(self, info: Info, input: AddComponentInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await given.add(context.city, actor, command, plain(input))

    @strawberry.mutation(
        graphql_type=result_of("MoveComponent", Component), description="Put a component where it stands now."
    )
    async def move_component(self, info: Info, input: MoveComponentInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await given.move(context.city, actor, command, plain(input))

    @strawberry.mutation(
        graphql_type=result_of("ChangeComponent", Component),
        description="Put right what is on record of a component.",
    )
    async def change_component(self, info: Info, input: ChangeComponentInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await given.change(context.city, actor, command, plain(input))

    @strawberry.mutation(
        graphql_type=result_of("RetireComponent", Component),
        description="Take a component out of use 废弃, or off the map 移除, with a reason.",
    )
    async def retire_component(self, info: Info, input: RetireComponentInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await given.retire(context.city, actor, command, plain(input))

    @strawberry.mutation(
        graphql_type=result_of("CheckComponent", Component),
        description="Say as what a component was found 核查; counts for the census that is on.",
    )
    async def check_component(self, info: Info, input: CheckComponentInput) -> Row:
        context = info.context
        actor, command = await context.actor(), context.command_of(input)
        return await given.check(context.city, actor, command, plain(input))

    @strawberry.mutation(
        graphql_type=result_of("SettleOwner", Component),
        description="Settle who owns a component; for leaders of its street, and administrators.",
    )
    async def settle_owner(self, info: Info, input: SettleOwnerInput) -> Row:
        context = info.context
        departments = GivenDepartments(
            owner_department_id=input.department_id,
            owner_name_zh=input.owner_name_zh,
            keeper_department_id=input.keeper_department_id,
        )
        return await settle_owner(
            context.city,
            await context.actor(),
            input.component_code,
            context.command_of(input),
            departments=departments,
            note=input.note,
        )
