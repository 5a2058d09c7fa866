"""What became of commands, as phones see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from city_api.cases.types import Case
from city_api.problems import Problem
from city_api.rows import Refused, computed
from city_core.commands.outcomes import Status
from city_core.commands.run_batch import Outcome
from city_core.kit.mongo import Row

_MOST_MS = 2**31 - 1
_MEANINGS = {
    Status.APPLIED: "It was carried out.",
    Status.DUPLICATE: "It was carried out before.",
    Status.HELD: "It is kept, and will be carried out after those before it.",
    Status.CONFLICT: "The case has changed in something that matters to it.",
    Status.REJECTED: "It was refused.",
    Status.IN_PROGRESS: "It is being carried out.",
    Status.UNKNOWN: "It never arrived, or longer ago than outcomes are kept.",
}
strawberry.enum(Status, name="CommandStatus", description="What became of a command.")
for _value in Status.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = _MEANINGS[Status[_value.name]]


@dataclass(frozen=True)
class Told:
    """An outcome with the case that it is about, if the viewer may see that."""

    outcome: Outcome
    case: Row | None

    def kept(self, name: str) -> Any:
        return (self.outcome.row or {}).get(name)


def told(outcomes: Sequence[Outcome], cases: Mapping[str, Row]) -> list[Told]:
    """Put outcomes and their cases together."""
    return [Told(one, cases.get((one.row or {}).get("case_id") or "")) for one in outcomes]


def _problem(told: Told, _: Any) -> Refused | None:
    return None if told.outcome.problem is None else Refused(told.outcome.problem)


def _skew_ms(told: Told, _: Any) -> int | None:
    """A phone whose battery was empty believes in 1970, and that is more than an Int of GraphQL holds."""
    skew_ms = told.kept("skew_ms")
    return None if skew_ms is None else max(-_MOST_MS, min(skew_ms, _MOST_MS))


@strawberry.type(description="What became of one command.")
class CommandOutcome:
    client_id: strawberry.ID = computed(lambda told, _: told.outcome.client_id)
    device_sequence: int | None = computed(lambda told, _: told.outcome.sequence)
    status: Status = computed(lambda told, _: told.outcome.status)
    problem: Problem | None = computed(_problem, description="Of CONFLICT and REJECTED.")
    case: Case | None = computed(
        lambda told, _: told.case,
        description="As it is now, when the command is settled and it is yours to see.",
    )
    case_version: int | None = computed(
        lambda told, _: told.kept("case_version"), description="The version that the command led to."
    )
    component_code: str | None = computed(
        lambda told, _: told.kept("component_code"),
        description="The component that the command was about; a new one learns its code here.",
    )
    received_at: datetime | None = computed(lambda told, _: told.kept("received_at"))
    settled_at: datetime | None = computed(lambda told, _: told.kept("settled_at"))
    made_at: datetime | None = computed(
        lambda told, _: told.kept("made_at"),
        description="When the person did it: the phone's time, put right by how far its clock was off.",
    )
    clock_skew_ms: int | None = computed(
        _skew_ms,
        description="How far the phone's clock was behind, milliseconds; 24 days are told as the most.",
    )


@strawberry.type(description="What became of the commands of a batch, in its order.")
class CommandOutcomes:
    outcomes: list[CommandOutcome] = computed(lambda outcomes, _: outcomes)
