"""A dispatcher asks who of those on duty is nearest to a case or a place, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.assign import open_tasks_of
from city_core.cases.levels.holders import departments_at
from city_core.cases.nearest_officers_rules import NEAREST_OFFICER_BOOK, Ranked, Skill, ranked
from city_core.cases.queries import find_case
from city_core.cases.record import doers_kept_apart
from city_core.cases.routing import departments_answering
from city_core.cases.workflow import Action
from city_core.catalogue.catalogue import Catalogue, catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.people.queries import departments, officers_near
from city_core.people.roles import Actor, Role
from city_core.places.locate import GivenPoint, locate

MOST_OFFICERS = 50
ASKERS = frozenset({Role.DISPATCHER, Role.SHIFT_LEADER, Role.LEADER})
_CASE_FIELDS = ("place", "type_code", "level", "department_id", "history", "joined_reports")


@dataclass(frozen=True)
class _Wanted:
    """Where somebody is needed, for which type, at which level, and who may not come."""

    place: Row
    type_code: str
    level: str
    department_id: str | None = None
    kept_apart: frozenset[str] = frozenset()
    case_id: str = ""


async def nearest_officers_to_case(
    city: City, actor: Actor, case_id: str, *, first: int = 10
) -> list[Ranked]:
    """List the officers on duty nearest to a case, best first, whose department has it or answers for it.

    Whoever acted on the case in a duty that is kept apart from handling is left out. Refuses other posts
    (NOT_ALLOWED), a case that is not the actor's to see (CASE_NOT_FOUND) or not of their streets
    (NOT_ALLOWED), and one without a type (TYPE_UNKNOWN).
    """
    _check_asker(actor)
    case = await find_case(city, actor, case_id, _CASE_FIELDS)
    if case is None:
        raise CityProblem("CASE_NOT_FOUND", field="caseId")
    wanted = _Wanted(
        case["place"], case["type_code"] or "", case["level"], case.get("department_id"),
        frozenset(doers_kept_apart(case, Action.REPORT_HANDLED)), case["_id"],
    )  # fmt: skip
    return await _nearest(city, actor, wanted, "caseId", first)


async def nearest_officers_to_point(
    city: City, actor: Actor, here: GivenPoint, type_code: str, *, first: int = 10
) -> list[Ranked]:
    """List the officers on duty nearest to a place, best first, whose department answers for a type there.

    Refuses other posts and places outside the actor's own streets (NOT_ALLOWED), PLACE_OUTSIDE_CITY, and
    a type that the city does not know (TYPE_UNKNOWN).
    """
    _check_asker(actor)
    wanted = _Wanted(await locate(city, here), type_code, actor.level)
    return await _nearest(city, actor, wanted, "point", first)


async def _nearest(city: City, actor: Actor, wanted: _Wanted, field: str, first: int) -> list[Ranked]:
    if not 1 <= first <= MOST_OFFICERS:
        raise CityProblem("PAGE_INVALID", field="first", allowed=f"1 to {MOST_OFFICERS}")
    place = wanted.place
    if place["street_code"] not in actor.street_codes:
        raise CityProblem("NOT_ALLOWED", field=field, allowed=", ".join(sorted(actor.street_codes)) or None)
    catalogue = (await catalogue_of(city)).rules
    if wanted.type_code not in catalogue.types:
        raise CityProblem("TYPE_UNKNOWN", field="typeCode")
    skills = skills_for(wanted, catalogue, await departments(city))
    if not skills:
        return []
    found = await officers_near(city, skills, place["point"])
    officers = [person for person in found if person["_id"] not in wanted.kept_apart]
    in_order = ranked(
        officers,
        place["point"]["coordinates"],
        city.clock.now(),
        await open_tasks_of(city, [person["_id"] for person in officers]),
        street_code=place["street_code"],
        skills=skills,
        weights=(await open_rules(city, NEAREST_OFFICER_BOOK)).rules,
    )[:first]
    shown = Subject(Kind.PEOPLE, wanted.case_id, [one.person["_id"] for one in in_order])
    await record(city, actor, Deed(Verb.POSITIONS_READ, shown, detail=f"street {place['street_code']}"))
    return in_order


def skills_for(wanted: _Wanted, catalogue: Catalogue, known: Iterable[Row]) -> dict[str, Skill]:
    """Say which departments could handle what is wanted there, and what each has to do with it.

    First those that answer for the code that a type is handled as, then for its own, as routing does.
    """
    standing = [row for row in known if not row.get("disabled")]
    of_level = departments_at(wanted.level, wanted.place, standing)
    own, street_code = wanted.type_code, wanted.place["street_code"]
    skills: dict[str, Skill] = {}
    for code in dict.fromkeys((catalogue.handled_as(own), own)):
        for answers in departments_answering(code, street_code, of_level):
            skills.setdefault(answers.department_id, Skill.ANSWERS_TOO if skills else Skill.ANSWERS)
    if wanted.department_id in {row["_id"] for row in standing}:
        skills[str(wanted.department_id)] = Skill.OF_CASE
    return skills


def _check_asker(actor: Actor) -> None:
    if actor.role not in ASKERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(ASKERS)))
