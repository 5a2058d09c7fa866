"""How a mutation hands its input to a use-case; shared by all features that take steps on cases."""

from __future__ import annotations

from typing import Any

import strawberry

from city_api.cases.inputs import StepInput, SubmitReportInput
from city_api.cases.types import Case
from city_api.commands.plain import plain
from city_api.context import Info
from city_api.results import result_of
from city_core.cases.submit import ReportDraft
from city_core.kit.mongo import Row


def step(command: str, description: str) -> Any:
    """Declare a mutation that answers with the case, or with a Problem."""
    return strawberry.mutation(graphql_type=result_of(command, Case), description=description)


async def take(use_case: Any, info: Info, given: StepInput, **details: Any) -> Row:
    """Let the one who asks take a step: who, on which case, by which command, with which details."""
    context = info.context
    actor = await context.actor()
    command = context.command_of(given)
    row: Row = await use_case(context.city, actor, given.case_id, command, **details)
    return row


def draft_of(given: SubmitReportInput) -> ReportDraft:
    """See a report's input as the core takes it."""
    point = given.point
    return ReportDraft(
        type_code=given.type_code,
        condition_id=given.condition_id,
        description=given.description,
        lng=point.lng,
        lat=point.lat,
        datum=point.datum.value,
        accuracy_m=point.accuracy_m,
        address=given.address,
        media_ids=list(given.media_ids),
        component_code=given.component_code,
        photos=plain(given.photos),
        point_source=plain(point.source),
        sign_code=given.sign_code,
    )
