"""Routing faults, trials and proposals as seats and the keeper of the rules see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.cases.reasons import reasons_in_words
from city_api.cases.types import Case
from city_api.catalogue.types import CaseType
from city_api.paging import PageInfo, page_info
from city_api.people.types import Department
from city_api.rows import computed, stored
from city_core.cases.routing_trial import Example
from city_core.kit.mongo import Row
from city_core.kit.rulebook.tables import Fault

if TYPE_CHECKING:
    from city_api.context import Context


def _reason(figures: Row, context: Context) -> str | None:
    return reasons_in_words([figures], context.language)


def _department_of(department_id: str | None, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(department_id or ""))


def _type_of(type_code: str, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.types.get(type_code))


@strawberry.type(
    description="A case that waits for a dispatcher, as no routing rule 派遣规则 can be followed."
)
class RoutingFault:
    case: Case = computed(lambda row, _: row)
    kind: str = computed(lambda row, _: row["routing_fault"]["why"])
    reason: str | None = computed(lambda row, context: _reason(row["routing_fault"], context))
    rule_position: int | None = computed(
        lambda row, _: row["routing_fault"].get("position"), description="Which rule failed, if one fits."
    )
    rules_version: int = computed(lambda row, _: row["routing_fault"]["version"])
    noticed_at: datetime = computed(lambda row, _: row["routing_fault"]["at"])


@strawberry.type(description="One page of routing faults, the oldest first.")
class RoutingFaultConnection:
    nodes: list[RoutingFault] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type(description="What is wrong with one row of a draft; the head of the file is row 1.")
class RoutingRuleFault:
    row: int | None = computed(lambda fault, _: fault.row)
    column: str | None = computed(lambda fault, _: fault.column)
    message: str = computed(
        lambda fault, context: fault.en if context.language == "en" else fault.zh,
        description="In the language that was asked for.",
    )


@strawberry.type(description="Where a case goes by one version of the rules, and why.")
class RoutingAnswer:
    department: Department | None = computed(lambda routed, context: _department_of(routed.id, context))
    rule_position: int | None = computed(lambda routed, _: routed.position)
    reason: str | None = computed(lambda routed, context: _reason(routed.reason, context))


@strawberry.type(description="A case that would go elsewhere: number, type and street, nothing of a person.")
class RoutingExample:
    number: str | None = computed(lambda example, _: example.number)
    type: CaseType | None = computed(lambda example, context: _type_of(example.type_code, context))
    street_code: str = computed(lambda example, _: example.street_code)
    before: RoutingAnswer = computed(lambda example, _: example.before)
    after: RoutingAnswer = computed(lambda example, _: example.after)


@strawberry.type(description="How many cases would go from one department to another; none means to nobody.")
class RoutingDifference:
    before: Department | None = computed(lambda pair, context: _department_of(pair[0][0], context))
    after: Department | None = computed(lambda pair, context: _department_of(pair[0][1], context))
    count: int = computed(lambda pair, _: pair[1])


@strawberry.type(description="How many cases a rule of the draft would take.")
class RoutingRuleUse:
    position: int = computed(lambda use, _: use[0])
    count: int = computed(lambda use, _: use[1])


def _examples(trial: Any, _: Context) -> Sequence[Example]:
    found: Sequence[Example] = trial.tally.examples
    return found


def _faults(trial: Any, _: Context) -> Sequence[Fault]:
    found: Sequence[Fault] = trial.faults
    return found


@strawberry.type(description="A trial 试运行 of draft routing rules on filed cases; it changed nothing.")
class RoutingTrial:
    since: datetime = computed(lambda trial, _: trial.period.since)
    until: datetime = computed(lambda trial, _: trial.period.until)
    rules_version: int = computed(lambda trial, _: trial.version, description="The version compared with.")
    faults: list[RoutingRuleFault] = computed(_faults, description="Not empty: the draft was not tried.")
    case_count: int = computed(lambda trial, _: trial.tally.routed)
    changed_count: int = computed(lambda trial, _: trial.tally.changed)
    other_people_count: int = computed(
        lambda trial, _: trial.tally.other_people,
        description="Cases that stay in their department and are given to other named people.",
    )
    without_department_before: int = computed(lambda trial, _: trial.tally.without_before)
    without_department_after: int = computed(lambda trial, _: trial.tally.without_after)
    differences: list[RoutingDifference] = computed(lambda trial, _: trial.tally.pairs.most_common())
    rule_uses: list[RoutingRuleUse] = computed(lambda trial, _: sorted(trial.tally.uses.items()))
    examples: list[RoutingExample] = computed(_examples)
    next_since: datetime | None = computed(
        lambda trial, _: trial.next_since, description="Where to go on when one trial did not take all cases."
    )


@strawberry.enum(description="What became of a proposed routing rule.")
class ProposalState(StrEnum):
    OPEN = "OPEN"
    TAKEN = "TAKEN"
    DISMISSED = "DISMISSED"


@strawberry.type(description="A routing rule 派遣规则建议 that leaders' decisions on returned cases propose.")
class RoutingProposal:
    id: strawberry.ID = stored("_id")
    state: ProposalState = stored("state")
    type: CaseType | None = computed(lambda row, context: _type_of(row["type_code"], context))
    street_code: str = stored("street_code")
    department: Department | None = computed(
        lambda row, context: _department_of(row["department_id"], context)
    )
    times: int = stored("times", "How many cases were decided so.")
    first_at: datetime = stored("first_at")
    last_at: datetime = stored("last_at")
    decided_at: datetime | None = stored("decided_at")
    note: str = stored("note")
    rules_version: int | None = stored("version", "The version of the rules that it became part of.")


@strawberry.type(description="One page of proposed rules, the latest first.")
class RoutingProposalConnection:
    nodes: list[RoutingProposal] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


__all__ = [
    "ProposalState", "RoutingFaultConnection", "RoutingProposal", "RoutingProposalConnection",
    "RoutingTrial",
]  # fmt: skip
