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
from city_core.people.report_position import forget_position
from city_core.people.roles import Role
from city_core.people.standing import tell_person_changed

_POSTS = frozenset(Role) - {Role.CITIZEN, Role.SYSTEM}


@dataclass(frozen=True)
class PersonChange:
    """What becomes different; None leaves a thing as it is."""

    role: Role | None = None
    department_id: str | None = None
    street_codes: Collection[str] | None = None
    grid_ids: Collection[str] | None = None
    disabled: bool | None = None


async def change_person(city: City, person_id: str, change: PersonChange, *, by: By = OPERATOR) -> Row:
    """Change a person in one write; whoever is disabled is signed out everywhere for good.

    For the operator, who answers for the register of staff: no phone can do this. Open phones look again.
    """
    person: Row | None = await city.database.people.find_one({"_id": person_id}, {"role": 1})
    if person is None:
        raise CityProblem("PERSON_UNKNOWN", field="personId")
    await _check(city, Role(person["role"]), change)
    update: Row = {"$set": _fields(change)}
    if change.disabled:
        update["$inc"] = {"token_version": 1}
    if not update["$set"]:
        raise CityProblem("REQUEST_INVALID", allowed="at least one change")
    changed = await _written(city, person_id, update, by)
    tell_person_changed(city, person_id)
    if change.disabled:
        await end_sessions(city, person_id, None, "DISABLED")
        await forget_position(city, person_id)
        await city.database.devices.delete_many({"person_id": person_id})
    return changed


async def _written(city: City, person_id: str, update: Row, by: By) -> Row:
    """Write the change and the line that says so in one transaction."""
    detail = "; ".join(f"{name} {_told(value)}" for name, value in sorted(update["$set"].items()))
    deed = Deed(Verb.PERSON_CHANGED, Subject(Kind.PERSON, person_id), detail=detail)
    entry = await entry_of(city, by, deed)

    async def write(session: Session) -> Row:
        changed: Row = await city.database.people.find_one_and_update(
            {"_id": person_id}, update, return_document=True, session=session
        )
        await record_within(city, session, entry)
        return changed

    return await in_transaction(city.database, write)


def _told(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


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
