"""An operator gives a member of staff another post or standing; who did it is put on record first."""

from __future__ import annotations

from dataclasses import asdict

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.operation.note_deed import note_deed
from city_core.operation.staff import find_staff, told
from city_core.people.change_person import PersonChange, change_person


async def change_staff(city: City, by: str, person_id: str, change: PersonChange) -> Row:
    """Change a member of staff; raises PERSON_UNKNOWN, NOT_ALLOWED, DEPARTMENT_UNKNOWN."""
    await find_staff(city, person_id)
    given = {name: value for name, value in asdict(change).items() if value is not None}
    await note_deed(city, by, "people change", {"person": person_id, **given})
    return told(await change_person(city, person_id, change))
