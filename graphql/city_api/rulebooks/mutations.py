"""Publishing rules of the city."""

from __future__ import annotations

import strawberry

from city_api.context import Info
from city_api.results import result_of
from city_api.rulebooks.inputs import ChangeCalendarDayInput, PublishRulebookInput
from city_api.rulebooks.types import RulesOutcome
from city_core.bootstrap import RULEBOOKS
from city_core.kit.rulebook.store import Published
from city_core.rules.change_calendar_day import DayChange, change_calendar_day
from city_core.rules.publish_rulebook import publish_rulebook


@strawberry.type
class RulebookMutations:
    @strawberry.mutation(
        graphql_type=result_of("PublishRulebook", RulesOutcome),
        description="Publish a new version of a rulebook 发布规则, or name every bad row.",
    )
    async def publish_rulebook(self, info: Info, input: PublishRulebookInput) -> Published:
        published = await publish_rulebook(
            info.context.city,
            RULEBOOKS,
            await info.context.actor(),
            info.context.command(input.client_id),
            name=input.name,
            tables=[(table.name, table.csv) for table in input.tables],
            note=input.note,
            dry_run=input.dry_run,
            based_on=input.based_on,
        )
        info.context.dictionary.forget()
        return published

    @strawberry.mutation(
        graphql_type=result_of("ChangeCalendarDay", RulesOutcome),
        description="Change one day of the calendar 日历; publishes a new version.",
    )
    async def change_calendar_day(self, info: Info, input: ChangeCalendarDayInput) -> Published:
        change = DayChange(
            input.day, input.kind.value, input.name_zh, input.name_en, input.opens, input.closes
        )
        return await change_calendar_day(
            info.context.city,
            await info.context.actor(),
            info.context.command(input.client_id),
            change,
            note=input.note,
        )
