"""A citizen who reported says how satisfied they are (评价)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.reports import joined, own_reports
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


async def rate_case(
    city: City, actor: Actor, case_id: str, command: Command, *, stars: int, comment: str = ""
) -> Row:
    """Rate a closed case once, with 1 to 5 stars; only citizens who reported it may, each for themselves."""
    if not 1 <= stars <= 5:
        raise CityProblem("RATING_INVALID", field="stars", allowed="1 to 5")
    said = checked_text(comment, field="comment", most=500)

    async def decide(case: Row) -> Step:
        return Step(_rated(case, actor, {"stars": stars, "comment": said, "at": city.clock.now()}))

    mark = input_hash("rate", {"stars": stars, "comment": said})
    return await change_case(city, actor, case_id, Action.RATE, decide, command=command, mark=mark)


def _rated(case: Row, actor: Actor, rating: Row) -> Row:
    """Put a rating where the person's report is: the case itself, or one of the reports that came to it."""
    own = own_reports(case, actor.person_id)
    is_first = case["reporter_id"] == actor.person_id
    if not (is_first or own):
        raise CityProblem("NOT_ALLOWED", allowed="somebody who reported it")
    if (is_first and case["rating"] is not None) or any(row["rating"] for row in own):
        raise CityProblem("ALREADY_RATED")
    if is_first:
        return {"rating": rating}
    return {"joined_reports": [{**row, "rating": rating} if row is own[0] else row for row in joined(case)]}
