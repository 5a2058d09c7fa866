"""Somebody was there and has looked: the component stands, and in which state."""

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

_SEEN = tuple(state for state in ComponentState if state is not ComponentState.REMOVED)


async def check_component(
    city: City,
    actor: Actor,
    code: str,
    command: Command,
    *,
    state: str,
    note: str = "",
    media_ids: Sequence[str] = (),
) -> Row:
    """Put on record that a component was looked at, and as what it was found.

    What was seen latest counts: a check that comes in late, after another one, changes nothing but the
    history.
    """
    if state not in _SEEN:
        raise CityProblem("REQUEST_INVALID", field="state", allowed=", ".join(_SEEN))
    said = checked_text(note, field="note", most=500)
    given = {"state": state, "note": said, "media": list(media_ids)}

    def refuse(component: Row) -> None:
        refuse_other_posts(actor)
        refuse_component_elsewhere(actor, component)

    async def decide(component: Row, at: datetime) -> Row:
        if component["state"] == ComponentState.REMOVED:
            raise CityProblem("COMPONENT_GONE", field="componentCode", allowed="one that still stands")
        return as_seen(component, state, at)

    intent = Intent("CHECKED", given, (), said, media_ids)
    return await change_component(city, actor, code, command, intent, refuse, decide)


def as_seen(component: Row, state: str, at: datetime) -> Row:
    """Tell what a check makes of a component: what it found holds unless something later is on record."""
    before: datetime | None = component.get("checked_at")
    values: Row = {} if before is not None and before > at else {"checked_at": at}
    settled_later = any(_seen_at(row) > at and "state" in row["after"] for row in component["history"])
    if not values or settled_later or component["state"] == state:
        return values
    return {**values, "state": state, "changed_on": city_day(at)}


def _seen_at(change: Row) -> datetime:
    """Tell when what a change put on record was seen: a queued one was seen before it came in."""
    seen: datetime = change["after"].get("checked_at") or change["at"]
    return seen
