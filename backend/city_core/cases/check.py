"""Another inspector checks on the spot whether the problem is gone (核查)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from city_core.cases.acts_by_detection import may_close
from city_core.cases.after_advice import checked_advice
from city_core.cases.close import closing_work, closing_work_on_advice
from city_core.cases.command import Command, input_hash
from city_core.cases.evidence.given import PhotoRow
from city_core.cases.evidence.judging import JudgementRow, flags_judged, read_judgements
from city_core.cases.follow_up import follow_up_work, open_follow_up
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import Step, change_case
from city_core.cases.rework import rework_changes
from city_core.cases.tasks_of import check_holds_task
from city_core.cases.work_of_photos import look_at_photos
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion, checked_text
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor


async def check_case(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    passed: bool,
    opinion: str = "",
    media_ids: Sequence[str] = (),
    photos: Sequence[PhotoRow] | None = None,
    flag_judgements: Sequence[JudgementRow] | None = None,
) -> Row:
    """Pass a handled case on to closing, or send it back for rework with the reason.

    The person decides, whatever flags the photos raise; which of them they saw and what they made of them
    stays on record.
    """
    said = checked_text(opinion, field="opinion", most=500) if passed else checked_opinion(opinion)
    given = await given_photos(city, actor, media_ids, photos)
    judged = read_judgements(flag_judgements)
    marked = {"passed": passed, "opinion": said, **({"judged": judged} if judged else {})}
    mark = input_hash("check", given.in_mark(marked))

    async def decide(case: Row) -> Step:
        check_holds_task(case, actor, "CHECK")
        new_photos = photo_rows(given, "CHECK", actor, city.clock.now(), case)
        changes: dict[str, Any] = {"task": None} if passed else rework_changes(city, case)
        changes["after_advice"] = checked_advice(case, actor, passed=passed)
        goes_on = await _work_after(city, {**case, **changes}) if passed else ()
        work = [*look_at_photos(city, case, new_photos), *goes_on]
        return Step(
            changes,
            opinion=said,
            new_photos=new_photos,
            receiver_id=None if passed else case["handler_id"],
            work=work,
            facts=flags_judged(case, actor, judged, passed=passed, now=city.clock.now()),
        )

    action = Action.PASS_CHECK if passed else Action.FAIL_CHECK
    return await change_case(city, actor, case_id, action, decide, command=command, mark=mark)


async def _work_after(city: City, case: Row) -> list[WorkItem]:
    """Say how a case goes on that passed its check: under a second condition, or to its closing."""
    if await open_follow_up(city, case) is not None:
        return [follow_up_work(city, case)]
    if await may_close(city, case) is not None:
        return closing_work(city, case) or closing_work_on_advice(city, case)
    return closing_work(city, case)
