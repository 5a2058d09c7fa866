"""An assisting department answers (协办反馈) with what it did and photos of it."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.evidence.given import PhotoRow
from city_core.cases.joint.assistants import check_work, replaced, unanswered_of
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import Step, change_case
from city_core.cases.shown_after import check_shown_after
from city_core.cases.work_of_photos import look_at_photos
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def answer_as_assistant(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    opinion: str,
    media_ids: Sequence[str],
    photos: Sequence[PhotoRow] | None = None,
) -> Row:
    """Answer for one's department, once; the last answer to a handled case has it checked."""
    said = checked_opinion(opinion)
    given = await given_photos(city, actor, media_ids, photos, least=1)

    async def decide(case: Row) -> Step:
        mine = unanswered_of(case, actor.department_id)
        if mine["assignee_id"] not in (None, actor.person_id):
            raise CityProblem("NOT_YOUR_TASK", allowed="the officer who was asked to assist")
        now = city.clock.now()
        answer = {"answered_at": now, "answered_by": actor.person_id, "answer": said}
        changes = replaced(case, mine, {**mine, **answer})
        new_photos = photo_rows(given, "HANDLE", actor, now, case)
        check_shown_after(case, given, new_photos)
        check = check_work({**case, **changes}, now) if case["state"] == State.HANDLED else []
        return Step(
            changes,
            opinion=said,
            new_photos=new_photos,
            facts={"assistant": actor.department_id},
            work=[*check, *look_at_photos(city, case, new_photos)],
        )

    mark = input_hash("answer_as_assistant", given.in_mark({"opinion": said}))
    return await change_case(
        city, actor, case_id, Action.ANSWER_AS_ASSISTANT, decide, command=command, mark=mark
    )
