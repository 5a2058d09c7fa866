"""How many reports a citizen may hand in: counted by the reports themselves, so that it needs nothing else.

A report that is sent again is known by its client id and never gets here: a bad network uses up nothing.
"""

from __future__ import annotations

from datetime import timedelta

from city_core.cases.record import COLLECTION
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role


async def check_reports_of_citizen(city: City, actor: Actor) -> None:
    """Refuse a report of a citizen who has handed in very many lately; staff report as much as there is."""
    if actor.role is not Role.CITIZEN:
        return
    an_hour, a_day = city.settings.citizen_reports_an_hour, city.settings.citizen_reports_a_day
    theirs = {"people_involved": actor.person_id, "reporter_id": actor.person_id}
    newest_first = city.database[COLLECTION].find(theirs, {"reported_at": 1}).sort("_id", -1)
    reported = [row["reported_at"] async for row in newest_first.limit(max(an_hour, a_day))]
    now = city.clock.now()
    for most, period, words in (
        (an_hour, timedelta(hours=1), "an hour"),
        (a_day, timedelta(days=1), "a day"),
    ):
        if len(reported) >= most and reported[most - 1] > now - period:
            raise CityProblem("TOO_MANY_REPORTS", allowed=f"{most} in {words}")
