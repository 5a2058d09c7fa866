"""A component stands elsewhere: it was moved, or its place was measured better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from city_core.cases.command import Command
from city_core.census.add_component import standing_at
from city_core.census.changing import Intent, change_component
from city_core.census.rights import refuse_component_elsewhere, refuse_other_grid, refuse_other_posts
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.places.days import city_day
from city_core.places.locate import GivenPoint, locate_standing


async def move_component(
    city: City,
    actor: Actor,
    code: str,
    command: Command,
    *,
    point: GivenPoint,
    note: str = "",
    media_ids: Sequence[str] = (),
) -> Row:
    """Put a component where it stands now; an inspector moves it within their own grids only."""
    place = await locate_standing(city, point)
    said = checked_text(note, field="note", most=500)
    given = {"point": asdict(point), "note": said, "media": list(media_ids)}

    def refuse(component: Row) -> None:
        refuse_other_posts(actor)
        refuse_component_elsewhere(actor, component)
        refuse_other_grid(actor, place["responsibility_grid_id"], field="point")

    async def decide(_: Row, at: datetime) -> Row:
        return {**standing_at(place), "changed_on": city_day(at)}

    intent = Intent("MOVED", given, ("point", "state"), said, media_ids)
    return await change_component(city, actor, code, command, intent, refuse, decide)
