"""What is on record of a component is put right: its name, its state, its departments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from city_core.cases.command import Command
from city_core.census.changing import Intent, change_component
from city_core.census.departments import GivenDepartments, checked_departments, owner_unknown
from city_core.census.rights import refuse_component_elsewhere, refuse_other_posts
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.places.components.model import ComponentState
from city_core.places.days import city_day

_STANDING = (ComponentState.IN_USE, ComponentState.DAMAGED, ComponentState.MISSING)


@dataclass(frozen=True)
class GivenChange:
    """What is to be otherwise; None leaves it as it is. `owner_is_known` False: nobody owns up to it."""

    name_zh: str | None = None
    state: str | None = None
    departments: GivenDepartments = field(default_factory=GivenDepartments)
    owner_is_known: bool | None = None
    note: str | None = None

    @property
    def matters(self) -> tuple[str, ...]:
        parts = {
            "state": self.state is not None,
            "name": self.name_zh is not None,
            "departments": self.owner_is_known is not None or any(self.departments.row().values()),
        }
        return tuple(name for name, is_given in parts.items() if is_given)


async def change_record(
    city: City, actor: Actor, code: str, command: Command, change: GivenChange, media_ids: Sequence[str] = ()
) -> Row:
    """Change what is on record of a component; what was taken out of use is put back into it this way too."""
    values = await _values(city, change)
    given = {"values": values, "unknown": change.owner_is_known, "media": list(media_ids)}

    def refuse(component: Row) -> None:
        refuse_other_posts(actor)
        refuse_component_elsewhere(actor, component)

    async def decide(component: Row, at: datetime) -> Row:
        unknown = owner_unknown(component, at) if change.owner_is_known is False else {}
        return {**values, **unknown, "changed_on": city_day(at)}

    intent = Intent("CHANGED", given, change.matters, values.get("note", ""), media_ids)
    return await change_component(city, actor, code, command, intent, refuse, decide)


async def _values(city: City, change: GivenChange) -> Row:
    if not change.matters and change.note is None:
        raise CityProblem("REQUEST_INVALID", field="input", allowed="something that is to be otherwise")
    if change.state is not None and change.state not in _STANDING:
        raise CityProblem("REQUEST_INVALID", field="state", allowed=", ".join(_STANDING))
    if change.owner_is_known is False and change.departments.names_owner:
        raise CityProblem("REQUEST_INVALID", field="ownerIsKnown", allowed="an owner, or none")
    if change.owner_is_known and not change.departments.names_owner:
        raise CityProblem("REQUEST_INVALID", field="ownerIsKnown", allowed="true with the owner")
    values: Row = await checked_departments(city, change.departments)
    if change.state is not None:
        values["state"] = change.state
    if change.name_zh is not None:
        values["name_zh"] = checked_text(change.name_zh, field="nameZh", most=30, least=1)
    if change.note is not None:
        values["note"] = checked_text(change.note, field="note", most=500)
    return values
