"""Supervising, urging and confirming."""

from __future__ import annotations

import strawberry

from city_api.cases.steps import take
from city_api.cases.types import Case
from city_api.context import Info
from city_api.results import result_of
from city_api.supervision.inputs import ConfirmSupervisionInput, PressInput
from city_core.cases.confirm_supervision import confirm_supervision
from city_core.cases.supervise import supervise_case
from city_core.cases.urge import urge_case
from city_core.kit.mongo import Row


@strawberry.type
class SupervisionMutations:
    @strawberry.mutation(
        graphql_type=result_of("SuperviseCase", Case),
        description="Supervise a case 督办: whoever has it is told what is expected, and confirms.",
    )
    async def supervise_case(self, info: Info, input: PressInput) -> Row:
        return await take(supervise_case, info, input, text=input.text)

    @strawberry.mutation(
        graphql_type=result_of("UrgeCase", Case), description="Urge whoever has a case 催办; they confirm."
    )
    async def urge_case(self, info: Info, input: PressInput) -> Row:
        return await take(urge_case, info, input, text=input.text)

    @strawberry.mutation(
        graphql_type=result_of("ConfirmSupervision", Case),
        description="Confirm that a supervision or an urging has reached you 督办签收.",
    )
    async def confirm_supervision(self, info: Info, input: ConfirmSupervisionInput) -> Row:
        return await take(confirm_supervision, info, input, supervision_id=input.supervision_id)
