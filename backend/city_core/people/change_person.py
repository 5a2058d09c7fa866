"""A person's post, area or standing changes; it counts from their very next request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from city_core.audit.entry import By
from city_core.audit.record import OPERATOR, Deed, Subject, entry_of, record_within
from city_core.audit.verbs import Kind, Verb
from city_core.kit.city import City
from city_core.kit.mongo import Row, Session, in_transaction
from city_core.kit.problems import CityProblem
from city_core.people.end_sessions import end_sessions
from city_core.people.keep_rights import check_keeps_person
from city_core.people.report_position import forget_position
from city_core.people.roles import ADMINISTRATION, Actor, Role
from city_core.people.standing import tell_person_changed
from city_core.people.tokens import actor_from

_POSTS = frozenset(Role) - {Role.CITIZEN, Role.SYSTEM}


@dataclass(frozen=True)
class PersonChange:
    """What becomes different; None leaves a thing as it is."""

    role: Role | None = None
    department_id: str | None = None
    street_codes: Collection[str] | None = None
    grid_ids: Collection[str] | None = None
    disabled: bool | None = None


async def change_person(city: City, person_id: str, change: PersonChange, *, by: Actor | None = None) -> Row:
    """Change a person in one write; whoever is disabled is signed out everywhere for good.

    For the security administrator, never for themselves, and for the operator of the machine (`by` is None),
    who answers for the register of staff. Open phones look again. Refused: NOT_ALLOWED, also for a second
    post of administration, be it after another post; PERSON_UNKNOWN, DEPARTMENT_UNKNOWN, BUSY where
    somebody else changed the post at the same moment.
    """
    if by is not None:
        check_keeps_person(by, person_id)
    asked = {"role": 1, "administration_post": 1}
    person: Row | None = await city.database.people.find_one({"_id": person_id}, asked)
    if person is None:
        raise CityProblem("PERSON_UNKNOWN", field="personId")
    present = Role(person["role"])
    await _check(city, present, change)
    held = present if present in ADMINISTRATION else person.get("administration_post")
    _refuse_second_administration(held, change.role)
    update: Row = {"$set": _fields(change)}
    if change.role is not None and present in ADMINISTRATION:
        update["$set"]["administration_post"] = present.value
    if change.disabled:
        update["$inc"] = {"token_version": 1}
    if not update["$set"]:
        raise CityProblem("REQUEST_INVALID", allowed="at least one change")
    changed = await _written(city, person_id, present, update, by or OPERATOR)
    tell_person_changed(city, person_id)
    if change.disabled:
        await end_sessions(city, person_id, None, "DISABLED")
        await forget_position(city, person_id)
        await city.database.devices.delete_many({"person_id": person_id})
    return changed


async def _written(city: City, person_id: str, present: Role, update: Row, by: By) -> Row:
    """Write the change and the line that says so in one transaction."""
    detail = "; ".join(f"{name} {_told(value)}" for name, value in sorted(update["$set"].items()))
    deed = Deed(Verb.PERSON_CHANGED, Subject(Kind.PERSON, person_id), detail=detail)
    entry = await entry_of(city, by, deed)

    async def write(session: Session) -> Row:
        changed: Row | None = await city.database.people.find_one_and_update(
            {"_id": person_id, "role": present.value}, update, return_document=True, session=session
        )
        if changed is None:
            raise CityProblem("BUSY")
        await record_within(city, session, entry)
        return changed

    return await in_transaction(city.database, write)


def _told(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


async def person_asking(city: City, person_id: str) -> Actor:
    """Find the person for whom an operator acts; whoever is disabled asks for nothing."""
    person: Row | None = await city.database.people.find_one({"_id": person_id, "disabled": False})
    if person is None:
        raise CityProblem("PERSON_UNKNOWN", field="by")
    return actor_from(person)


def _refuse_second_administration(held: str | None, wanted: Role | None) -> None:
    """Keep the three administrations apart 三员分立: whoever had one would judge their own doings."""
    if wanted in ADMINISTRATION and held is not None and wanted != held:
        others = sorted(_POSTS - ADMINISTRATION | {Role(held)})
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(others))


def _fields(change: PersonChange) -> Row:
    given = {
        "role": change.role.value if change.role is not None else None,
        "department_id": change.department_id,
        "street_codes": sorted(change.street_codes) if change.street_codes is not None else None,
        "responsibility_grid_ids": sorted(change.grid_ids) if change.grid_ids is not None else None,
        "disabled": change.disabled,
    }
    return {name: value for name, value in given.items() if value is not None}


async def _check(city: City, present: Role, change: PersonChange) -> None:
    """Citizens stay citizens: they came by themselves, staff by import."""
    concerns_post = change != PersonChange(disabled=change.disabled)
    if concerns_post and (present not in _POSTS or (change.role or present) not in _POSTS):
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(_POSTS)))
    if change.department_id is not None:
        known = await city.database.departments.find_one({"_id": change.department_id}, {"_id": 1})
        if known is None:
            raise CityProblem("DEPARTMENT_UNKNOWN", field="departmentId")
