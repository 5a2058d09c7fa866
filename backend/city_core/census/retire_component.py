"""A component is out of use 废弃, or was taken away 移除."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from city_core.cases.command import Command
from city_core.census.changing import Intent, change_component
from city_core.census.rights import refuse_component_elsewhere, refuse_other_posts
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.places.components.model import ComponentState
from city_core.places.days import city_day

_ENDS = (ComponentState.ABANDONED, ComponentState.REMOVED)


async def retire_component(
    city: City,
    actor: Actor,
    code: str,
    command: Command,
    *,
    state: str,
    reason: str,
    media_ids: Sequence[str] = (),
) -> Row:
    """Take a component out of use with a reason; one that was removed leaves the phones of its grid."""
    if state not in _ENDS:
        raise CityProblem("REQUEST_INVALID", field="state", allowed=", ".join(_ENDS))
    said = checked_text(reason, field="reason", most=500, least=1)
    given = {"state": state, "reason": said, "media": list(media_ids)}

    def refuse(component: Row) -> None:
        refuse_other_posts(actor)
        refuse_component_elsewhere(actor, component)

    async def decide(component: Row, at: datetime) -> Row:
        if component["state"] == ComponentState.REMOVED:
            raise CityProblem("COMPONENT_GONE", field="componentCode", allowed="one that still stands")
        return {"state": state, "changed_on": city_day(at)}

    intent = Intent("RETIRED", given, ("point", "state"), said, media_ids)
    return await change_component(city, actor, code, command, intent, refuse, decide)
