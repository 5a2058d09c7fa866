"""The citizen who reported says how satisfied they are (评价)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


async def rate_case(
    city: City, actor: Actor, case_id: str, command: Command, *, stars: int, comment: str = ""
) -> Row:
    """Rate a closed case once, with 1 to 5 stars; only the citizen who reported it may."""
    if not 1 <= stars <= 5:
        raise CityProblem("RATING_INVALID", field="stars", allowed="1 to 5")
    said = checked_text(comment, field="comment", most=500)

    async def decide(case: Row) -> Step:
        if case["reporter_id"] != actor.person_id:
            raise CityProblem("NOT_ALLOWED", allowed="the reporter")
        if case["rating"] is not None:
            raise CityProblem("ALREADY_RATED")
        return Step({"rating": {"stars": stars, "comment": said, "at": city.clock.now()}})

    mark = input_hash("rate", {"stars": stars, "comment": said})
    return await change_case(city, actor, case_id, Action.RATE, decide, command=command, mark=mark)
