"""Further photos are taken into a case (补充照片)."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.evidence.given import PhotoRow
from city_core.cases.photos import given_photos, photo_rows
from city_core.cases.record import Step, change_case
from city_core.cases.work_of_photos import look_at_photos
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role


async def add_photos(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    media_ids: Sequence[str],
    photos: Sequence[PhotoRow] | None = None,
) -> Row:
    """Add photos as the reporter or as the officer who handles the case."""
    given = await given_photos(city, actor, media_ids, photos, least=1)

    async def decide(case: Row) -> Step:
        if actor.person_id not in (case["reporter_id"], case["handler_id"]):
            raise CityProblem("NOT_ALLOWED", allowed="the reporter or the officer who handles the case")
        use = "HANDLE" if actor.role is Role.OFFICER else "REPORT"
        new_photos = photo_rows(given, use, actor, city.clock.now(), case)
        return Step(new_photos=new_photos, work=look_at_photos(city, case, new_photos))

    mark = input_hash("add_photos", given.in_mark({}))
    return await change_case(city, actor, case_id, Action.ADD_PHOTOS, decide, command=command, mark=mark)
