"""A seat reviews what an inspector handled on the spot (自处置审核)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.numbers import next_case_number
from city_core.cases.record import Step, change_case
from city_core.cases.triage import filing_work
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion, checked_text
from city_core.people.roles import Actor


async def review_spot(
    city: City, actor: Actor, case_id: str, command: Command, *, approved: bool, opinion: str = ""
) -> Row:
    """File and close at once what was put right on the spot, or have it go the way of any other report."""
    said = checked_text(opinion, field="opinion", most=500) if approved else checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        told = [Notice(case["reporter_id"], NoticeKind.CASE_PROGRESS)]
        if approved:
            return Step(await _closed(city, case), opinion=said, tells=told)
        work = filing_work(city, case)
        return Step({"is_handled_on_spot": False}, opinion=said, work=work, tells=told)

    action = Action.APPROVE_SPOT if approved else Action.REFUSE_SPOT
    mark = input_hash("review_spot", {"approved": approved, "opinion": said})
    return await change_case(city, actor, case_id, action, decide, command=command, mark=mark)


async def _closed(city: City, case: Row) -> Row:
    now = city.clock.now()
    number = await next_case_number(city, case["place"]["district_code"], now)
    return {"number": number, "filed_at": now, "handled_at": now, "closed_at": now, "task": None}
