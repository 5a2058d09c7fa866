"""Puts on record that no rule can dispatch a case, and calls the dispatchers of its street."""

from __future__ import annotations

from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.record import Step, change_case
from city_core.cases.routing_rules import Routed
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim
from city_core.people.queries import on_post_in
from city_core.people.roles import SYSTEM, Role

_MOST_TOLD = 20


async def note_routing_fault(city: City, case_id: str, held: Claim, routed: Routed) -> Row:
    """Leave a case filed, with the rule that failed and the reason; the next dispatch takes the mark away."""

    async def decide(case: Row) -> Step:
        street_code = case["place"]["street_code"]
        told = await on_post_in(city, Role.DISPATCHER, street_code, most=_MOST_TOLD)
        fault = {**routed.reason, "version": routed.version, "at": city.clock.now()}
        return Step(
            {"routing_fault": fault},
            reasons=[routed.reason],
            tells=[Notice(person_id, NoticeKind.ROUTING_FAULT) for person_id in told],
        )

    return await change_case(city, SYSTEM, case_id, Action.NOTE_ROUTING_FAULT, decide, finishes=held)
