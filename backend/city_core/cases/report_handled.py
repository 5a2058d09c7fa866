"""The officer reports that the problem is handled (处置反馈), with a photo of afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.evidence.given import PhotoRow
from city_core.cases.joint.assistants import check_work
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import Step, change_case
from city_core.cases.shown_after import check_shown_after
from city_core.cases.tasks_of import check_holds_task
from city_core.cases.work_of_photos import look_at_photos
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def report_handled(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    opinion: str,
    media_ids: Sequence[str],
    photos: Sequence[PhotoRow] | None = None,
) -> Row:
    """Report a case as handled; needs what was done and at least one after-photo.

    Its check is asked for when every assisting department has answered too.
    """
    said = checked_opinion(opinion)
    given = await given_photos(city, actor, media_ids, photos, least=1)
    mark = input_hash("report_handled", given.in_mark({"opinion": said}))

    async def decide(case: Row) -> Step:
        check_holds_task(case, actor, "HANDLE")
        now = city.clock.now()
        new_photos = photo_rows(given, "HANDLE", actor, now, case)
        check_shown_after(case, given, new_photos)
        return Step(
            {"task": None, "handled_at": now},
            opinion=said,
            new_photos=new_photos,
            work=[*check_work(case, now), *look_at_photos(city, case, new_photos)],
        )

    return await change_case(city, actor, case_id, Action.REPORT_HANDLED, decide, command=command, mark=mark)
