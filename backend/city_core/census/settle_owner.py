"""A component that nobody owned up to (不明井盖) gets its owner."""

from __future__ import annotations

from datetime import datetime

from city_core.cases.command import Command
from city_core.census.changing import Intent, change_component
from city_core.census.departments import GivenDepartments, checked_departments
from city_core.census.rights import refuse_component_elsewhere, refuse_other_street
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.places.days import city_day


async def settle_owner(
    city: City, actor: Actor, code: str, command: Command, *, departments: GivenDepartments, note: str = ""
) -> Row:
    """Settle who owns a component: whoever keeps the registries, or a leader of its street, decides.

    Cases about it show the owner from then on, as they read the component itself.
    """
    if not departments.names_owner:
        raise CityProblem("REQUEST_INVALID", field="ownerDepartmentId", allowed="a department, or a name")
    values = await checked_departments(city, departments)
    said = checked_text(note, field="note", most=500)

    def refuse(component: Row) -> None:
        refuse_component_elsewhere(actor, component)
        refuse_other_street(actor, component.get("street_code"), field="componentCode")

    async def decide(_: Row, at: datetime) -> Row:
        return {**values, "changed_on": city_day(at)}

    intent = Intent("CHANGED", {"values": values, "note": said}, ("departments",), said)
    return await change_component(city, actor, code, command, intent, refuse, decide)
