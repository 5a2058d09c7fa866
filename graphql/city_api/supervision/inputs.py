"""What phones give to supervise, to urge and to confirm."""

from __future__ import annotations

import strawberry

from city_api.cases.inputs import StepInput


@strawberry.input(
    description="A supervision 督办 or an urging 催办: what is expected, in 1 to 500 characters."
)
class PressInput(StepInput):
    text: str


@strawberry.input(description="The receipt 签收 for a supervision or an urging that was sent to you.")
class ConfirmSupervisionInput(StepInput):
    supervision_id: strawberry.ID
