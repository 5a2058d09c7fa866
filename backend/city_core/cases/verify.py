"""An inspector looks on the spot whether a report is true (核实)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from city_core.cases.classify import classified, decided_advice
from city_core.cases.command import Command, input_hash
from city_core.cases.evidence.given import PhotoRow
from city_core.cases.evidence.judging import advice_judged
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import Step, change_case
from city_core.cases.tasks_of import check_holds_task
from city_core.cases.triage import filing_work
from city_core.cases.work_of_photos import look_at_photos
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion, checked_text
from city_core.people.roles import Actor

FINDINGS = ("EXISTS", "NOT_FOUND", "CANNOT_TELL")


async def verify_report(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    finding: str,
    type_code: str | None = None,
    condition_id: str | None = None,
    opinion: str = "",
    media_ids: Sequence[str] = (),
    photos: Sequence[PhotoRow] | None = None,
) -> Row:
    """Record what the inspector found; the seat decides about everything that is not plainly there."""
    if finding not in FINDINGS:
        raise CityProblem("REQUEST_INVALID", field="finding", allowed=", ".join(FINDINGS))
    said = checked_text(opinion, field="opinion", most=500)
    if finding != "EXISTS":
        said = checked_opinion(opinion)
    given = await given_photos(city, actor, media_ids, photos)
    marked = {"finding": finding, "type": [type_code, condition_id], "opinion": said}
    mark = input_hash("verify", given.in_mark(marked))

    async def decide(case: Row) -> Step:
        check_holds_task(case, actor, "VERIFY")
        new_photos = photo_rows(given, "VERIFY", actor, city.clock.now(), case)
        facts: Row = {}
        changes: dict[str, Any] = {"verification": finding, "task": None}
        if type_code is not None:
            changes |= await classified(city, type_code, condition_id)
            changes["advice"] = decided_advice(case, changes["type_code"], actor)
            facts = advice_judged(case, changes["advice"], city.clock.now())
        work = [*filing_work(city, case), *look_at_photos(city, case, new_photos)]
        return Step(changes, opinion=said, new_photos=new_photos, work=work, facts=facts)

    return await change_case(city, actor, case_id, Action.VERIFY, decide, command=command, mark=mark)
