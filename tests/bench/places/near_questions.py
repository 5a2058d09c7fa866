"""What people ask of a place: where it is, what is near, and who."""

from __future__ import annotations

from city_core.cases.nearest_officers import nearest_officers_to_point
from city_core.cases.queries import nearest_cases
from city_core.cases.where import where_am_i
from city_core.places.components.nearest import nearest_components
from city_core.places.locate import locate
from city_core.places.points.nearest import NearPoints, nearest_points
from tests.bench.places.asked import PAGE, Asked, Question
from tests.bench.places.list_questions import LISTED

OFFICERS = 10


async def grid_of(asked: Asked) -> int:
    """Find the unit grid of a point, as every write does."""
    await locate(asked.city, asked.here)
    return 1


async def whereabouts(asked: Asked) -> int:
    """Ask what lies at a point and who answers there, also for a type."""
    await where_am_i(asked.city, asked.leader, asked.here, type_code=asked.type_code)
    return 1


def cases(who: str) -> Question:
    """Ask for the open cases around."""

    async def ask(asked: Asked) -> int:
        actor = asked.people[who]
        return len(
            await nearest_cases(asked.city, actor, lng=asked.lng, lat=asked.lat, first=PAGE, fields=LISTED)
        )

    return ask


def points(*, open_now: bool = False) -> Question:
    """Ask for the points of a layer around, as a citizen does."""

    async def ask(asked: Asked) -> int:
        wanted = NearPoints(asked.layer, asked.here, first=PAGE, open_now=open_now)
        return len(await nearest_points(asked.city, wanted, staff=False))

    return ask


def components(within_m: int, *, of_type: bool = False) -> Question:
    """Ask for the components around."""

    async def ask(asked: Asked) -> int:
        types = (asked.component_type,) if of_type else ()
        found = await nearest_components(
            asked.city, asked.here, staff=True, type_codes=types, first=PAGE, within_m=within_m
        )
        return len(found)

    return ask


async def officers(asked: Asked) -> int:
    """Ask which officers on duty are nearest, for a case of a type."""
    found = await nearest_officers_to_point(
        asked.city, asked.leader, asked.here, asked.type_code, first=OFFICERS
    )
    return len(found)
