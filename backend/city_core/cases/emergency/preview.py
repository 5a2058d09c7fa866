"""What an emergency would change, shown to a leader before it is switched on."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.emergency.area import checked_area
from city_core.cases.emergency.model import EmergencyState
from city_core.cases.emergency.queries import Preview, preview_of
from city_core.cases.emergency.record import check_leads
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.people.roles import Actor


async def preview_emergency(
    city: City, actor: Actor, *, profile: str, area_codes: Sequence[str], is_drill: bool = False
) -> Preview:
    """Compute what switching an area to emergency would do now; nothing is written and nobody is told."""
    check_leads(actor)
    opened = await open_rules(city, EMERGENCY_PROFILES)
    if profile not in opened.rules:
        raise CityProblem("PROFILE_UNKNOWN", field="profile", allowed=", ".join(sorted(opened.rules)))
    area = await checked_area(city, actor, area_codes)
    thought_of = {
        "_id": "", "state": EmergencyState.PLANNED.value, "profile": profile,
        "profile_version": opened.version, "is_drill": is_drill, **area.row(),
    }  # fmt: skip
    return await preview_of(city, actor, thought_of)
