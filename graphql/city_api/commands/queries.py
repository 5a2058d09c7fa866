"""What became of one's own commands."""

from __future__ import annotations

import strawberry

from city_api.commands.types import CommandOutcome, Told, told
from city_api.context import Info
from city_api.rows import stored_fields
from city_core.commands.queries import cases_of, outcomes_of


@strawberry.type
class CommandQueries:
    @strawberry.field(
        graphql_type=list[CommandOutcome],
        description="What became of commands of yours, at most 200, for phones that had no answer.",
    )
    async def command_outcomes(self, info: Info, client_ids: list[strawberry.ID]) -> list[Told]:
        context = info.context
        actor = await context.actor()
        outcomes = await outcomes_of(context.city, actor, client_ids)
        fields = stored_fields(info, "Case", ["case"])
        return told(outcomes, await cases_of(context.city, actor, outcomes, fields))
