"""Who may change the registries of places, and who may read which part of them.

The keeper of the city's rules brings files in and reads everything but people 人 among the elements; seats
and leaders read their streets, inspectors their grids, officers their streets on the screen only. Components
and elements have rules of their own: `cases.components.visibility`, `places.elements.rights`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from city_core.cases.command import Command
from city_core.cases.components.visibility import component_filter
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.kit.problems import CityProblem
from city_core.kit.waiting_lines import check_line
from city_core.people.roles import SEATS, Actor, Role
from city_core.places.elements.rights import elements_on_file
from city_core.places.registries import imports as of_places
from city_core.places.registries.imports import ImportAsked
from city_core.places.registries.model import IMPORTS
from city_core.places.registries.sight import Sight
from city_core.rules.keepers import check_keeper

READERS = SEATS | {Role.LEADER, Role.INSPECTOR, Role.OFFICER, Role.ADMINISTRATOR}
TAKERS = READERS - {Role.OFFICER}


async def begin_import(
    city: City, actor: Actor, command: Command, asked: ImportAsked, file: AsyncIterator[bytes]
) -> Row:
    """Have a file of places brought in; only the keeper of the rules may. One sent again never waits anew."""
    check_keeper(actor)
    if await city.database[IMPORTS].find_one({"_id": command.client_id}, {"_id": 1}) is None:
        most = city.settings.import_queue_limit
        await check_line(city, IMPORTS, "import_places", most, field="body")
    return await of_places.begin_import(city, actor.person_id, command.client_id, asked, file)


async def place_import(city: City, actor: Actor, import_id: str) -> Row:
    """Tell how far an import has come, with its bad rows."""
    check_keeper(actor)
    return await of_places.find_import(city, import_id)


async def place_imports(city: City, actor: Actor, *, first: int, after: str | None) -> Page:
    """List the imports, the newest first."""
    check_keeper(actor)
    return await of_places.imports(city, first=first, after=after)


def sight_of_reader(actor: Actor) -> Sight:
    """Tell what of the registries somebody may look up."""
    return _sight(actor, READERS)


def sight_of_taker(actor: Actor) -> Sight:
    """Tell what of the registries somebody may take away as a file."""
    return _sight(actor, TAKERS)


def _sight(actor: Actor, roles: frozenset[Role]) -> Sight:
    if actor.role not in roles:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(roles)))
    own = {"components": component_filter(actor), "grid_elements": elements_on_file(actor)}
    if actor.role is Role.ADMINISTRATOR:
        return Sight(everything=True, own=own)
    if actor.role is Role.INSPECTOR:
        return Sight(grids=actor.grid_ids, own=own)
    return Sight(streets=actor.street_codes, own=own)
