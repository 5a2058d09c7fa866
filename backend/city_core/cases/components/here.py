"""Which components stand here, as somebody who reports or looks around is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from city_core.cases.components.past_cases import PastCases, past_cases
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.places.components.queries import components_near
from city_core.places.locate import GivenPoint, checked_wgs84


@dataclass(frozen=True)
class ComponentHere:
    """A component that stands near a point, and what it had already."""

    component: Row
    past: PastCases = field(default_factory=PastCases)


async def components_here(
    city: City,
    actor: Actor,
    given: GivenPoint,
    *,
    type_code: str | None = None,
    within_m: float = 30.0,
    first: int = 20,
) -> list[ComponentHere]:
    """List the components near a point, nearest first, with the cases that the viewer may see of each."""
    point = checked_wgs84(given)
    rows = await components_near(city, point, within_m=within_m, first=first, type_code=type_code)
    past = await past_cases(city, actor, [row["_id"] for row in rows])
    return [ComponentHere(row, past.get(row["_id"], PastCases())) for row in rows]
