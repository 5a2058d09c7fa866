"""What a person prefers about hints is read and applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.notify.quiet_hours import quiet_until
from city_core.notify.rungs import Quiet
from city_core.people.queries import present

NO_PREFERENCES: Mapping[str, Any] = {
    "quiet_from": None, "quiet_to": None, "muted_kinds": [], "language": None, "updated_at": None,
}  # fmt: skip


async def preferences_of(city: City, person_id: str) -> Row:
    """Read what a person prefers; without a word of theirs, all hints come at any hour."""
    found = await city.database.notification_preferences.find_one({"_id": person_id}, {"commands": 0})
    return found or {"_id": person_id, **NO_PREFERENCES}


async def quiet_ends_for(
    city: City, person_id: str, preferences: Mapping[str, Any] | None, quiet: Quiet
) -> datetime | None:
    """Tell until when a rung has to wait for a person's quiet hours; None when it need not.

    Whoever is on duty is not quiet for what says so.
    """
    ends = None if quiet is Quiet.IGNORE else quiet_until(preferences, city.clock.now())
    if ends is None or quiet is Quiet.RESPECT:
        return ends
    person = await city.database.people.find_one({"_id": person_id}, {"on_duty": 1, "disabled": 1})
    return None if person is not None and await present(city, [person]) else ends


async def phone_and_language(city: City, person_id: str) -> tuple[str | None, str]:
    """Find the number that texts to a person go to, and the language that they want to be told in."""
    person = await city.database.people.find_one(
        {"_id": person_id, "disabled": False}, {"phone": 1, "language": 1}
    )
    if person is None:
        return None, "zh"
    preferences = await preferences_of(city, person_id)
    return person["phone"] or None, preferences["language"] or person["language"]
