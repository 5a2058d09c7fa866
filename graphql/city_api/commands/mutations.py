"""What was done offline is handed over in one request."""

from __future__ import annotations

import strawberry

from city_api.commands.inputs import QueuedCommandInput, RunCommandsInput
from city_api.commands.plain import plain
from city_api.commands.types import CommandOutcomes, Told, told
from city_api.context import Info
from city_api.results import result_of
from city_api.rows import stored_fields
from city_core.commands.batch import Batch, Queued
from city_core.commands.queries import cases_of
from city_core.commands.run_batch import run_batch


def _queued(given: QueuedCommandInput) -> Queued:
    [(name, value)] = [(name, value) for name, value in plain(given.do).items() if value is not None]
    return Queued(given.client_id, given.device_sequence, given.device_time, given.base_version, name, value)


@strawberry.type
class CommandMutations:
    @strawberry.mutation(
        graphql_type=result_of("RunCommands", CommandOutcomes),
        description="Hand over what was queued while offline; each command is answered by itself.",
    )
    async def run_commands(self, info: Info, input: RunCommandsInput) -> list[Told]:
        context = info.context
        actor = await context.actor()
        commands = [_queued(one) for one in input.commands]
        batch = Batch(input.device_id, input.device_time, context.origin, commands)
        outcomes = await run_batch(context.city, actor, batch)
        fields = stored_fields(info, "Case", ["outcomes", "case"])
        return told(outcomes, await cases_of(context.city, actor, outcomes, fields))
