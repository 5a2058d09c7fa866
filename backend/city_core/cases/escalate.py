"""A step of escalation is done: a warning or a card goes on record, and the right people are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.clocks.stored import versions_of
from city_core.cases.escalation import CardKind, EscalationStep
from city_core.cases.ladder import Reached, reach
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.timing import escalation_rules_of
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM

_TELLS = {
    CardKind.UNASSIGNED: NoticeKind.CASE_UNASSIGNED,
    CardKind.WARNING: NoticeKind.CASE_WARNING,
    CardKind.YELLOW: NoticeKind.YELLOW_CARD,
    CardKind.RED: NoticeKind.RED_CARD,
}


async def escalate_case(city: City, case_id: str, held: Claim) -> Row:
    """Do the claimed step of escalation, once: its write takes it off the list and puts the next on."""

    async def decide(case: Row) -> Step:
        wanted = held.input
        if any(_is_card_of(card, wanted) for card in case["cards"]):
            raise CityProblem("STEP_NOT_POSSIBLE", field="step", allowed="each step of escalation once")
        rules = await escalation_rules_of(city, versions_of(case["history"]))
        step = next(step for step in rules[wanted["clock"]] if step.step == wanted["step"])
        return _carded(city, case, wanted, step, await reach(city, case, step.who))

    return await change_case(city, SYSTEM, case_id, Action.ESCALATE, decide, finishes=held)


def _is_card_of(card: Row, wanted: Mapping[str, Any]) -> bool:
    return all(card[name] == wanted[name] for name in ("clock", "entered_seq", "step"))


def _carded(city: City, case: Row, wanted: Mapping[str, Any], step: EscalationStep, reached: Reached) -> Step:
    card = {
        "clock": wanted["clock"], "entered_seq": wanted["entered_seq"], "step": step.step,
        "kind": step.kind.value, "told": reached.told, "at": city.clock.now(),
    }  # fmt: skip
    reasons = [reason(Why.CARD, kind=step.kind.value, clock=wanted["clock"], step=step.step)]
    if reached.passed_over:
        reasons.append(reason(Why.PASSED_OVER, rungs=[rung.value for rung in reached.passed_over]))
    return Step(
        {"cards": [*case["cards"], card]},
        reasons=reasons,
        facts={"card": {name: card[name] for name in ("clock", "entered_seq", "step", "kind", "told")}},
        tells=[Notice(person_id, _TELLS[step.kind]) for person_id in reached.told],
    )
