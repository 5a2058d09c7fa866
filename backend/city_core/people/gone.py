"""Whoever has left the city's registers stays in old cases as a reference that leads back to nobody."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.people.keys import keyed_hash

_PREFIX = "gone:"


def reference_to(city: City, person_id: str) -> str:
    """Make what stands in a case instead of somebody who deleted their account; always the same for one."""
    return f"{_PREFIX}{keyed_hash(city.settings, 'people who are gone', person_id)[:32]}"


def is_gone(person_id: str) -> bool:
    """Tell whether an id is such a reference: nobody reads what is sent to it."""
    return person_id.startswith(_PREFIX)
