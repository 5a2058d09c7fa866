"""Who may change the registries of places, and who may read which part of them.

The keeper of the city's rules brings files in and reads everything but people 人 among the elements; seats
and leaders read their streets, inspectors their grids, officers their streets on the screen only. Components
and elements have rules of their own: `cases.components.visibility`, `places.elements.rights`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.command import Command
from city_core.cases.components.visibility import component_filter
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.kit.problems import CityProblem
from city_core.kit.waiting_lines import check_line
from city_core.people.roles import SEATS, Actor, Role
from city_core.places.elements.model import ELEMENTS, ElementKind
from city_core.places.elements.queries import note_people_read
from city_core.places.elements.rights import elements_on_file
from city_core.places.registries import imports as of_places
from city_core.places.registries import queries
from city_core.places.registries.export import ExportAsked
from city_core.places.registries.imports import ImportAsked
from city_core.places.registries.model import IMPORTS
from city_core.places.registries.queries import Looked
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
    begun = await of_places.begin_import(city, actor.person_id, command.client_id, asked, file)
    detail = f"{begun['file_sha256']}{', dry run' if asked.dry_run else ''}"
    brought = Subject(Kind.REGISTRY, asked.registry)
    await record(city, actor, Deed(Verb.IMPORT_BEGUN, brought, "", detail, command.client_id))
    return begun


async def place_import(city: City, actor: Actor, import_id: str) -> Row:
    """Tell how far an import has come, with its bad rows."""
    check_keeper(actor)
    found = await of_places.find_import(city, import_id)
    if found["registry"] == ELEMENTS and found["bad_rows"]:  # what was refused may name people
        rows = sorted({str(fault["row"]) for fault in found["bad_rows"]})
        await record(city, actor, Deed(Verb.ELEMENTS_READ, Subject(Kind.REGISTRY, import_id, rows)))
    return found


async def place_imports(city: City, actor: Actor, *, first: int, after: str | None) -> Page:
    """List the imports, the newest first."""
    check_keeper(actor)
    return await of_places.imports(city, first=first, after=after)


async def look_up(city: City, actor: Actor, looked: Looked, *, first: int, after: str | None) -> Page:
    """List rows of a registry that somebody may see; that people were among them is put on record."""
    page = await queries.places(city, _sight(actor, READERS), looked, first=first, after=after)
    if looked.registry == ELEMENTS:
        await note_people_read(city, actor, page.rows)
    return page


async def look_up_history(
    city: City, actor: Actor, registry: str, row_id: str, *, first: int, after: str | None
) -> Page:
    """List what became of a row that somebody may see; that it was a person's is put on record."""
    sight = _sight(actor, READERS)
    page = await queries.place_history(city, sight, registry, row_id, first=first, after=after)
    if registry == ELEMENTS and row_id.startswith(f"{ElementKind.PERSON}:"):
        await record(city, actor, Deed(Verb.ELEMENTS_READ, Subject(Kind.PEOPLE, ELEMENTS, [row_id])))
    return page


async def take_away(city: City, actor: Actor, asked: ExportAsked) -> ExportAsked:
    """Let somebody take a registry away as a file, as far as they see it; it is put on record first."""
    seen = replace(asked, sight=sight_of_taker(actor))
    seen.checked()
    parts = (asked.format, asked.street, asked.layer, asked.type_code)
    taken = Subject(Kind.REGISTRY, asked.registry)
    detail = ", ".join(part for part in parts if part)
    await record(city, actor, Deed(Verb.REGISTRY_TAKEN, taken, detail=detail))
    return seen


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
