"""A person says how and when hints may reach them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from city_core.cases.command import Command, input_hash
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.notify.urgency import MAY_BE_MUTED
from city_core.people.roles import Actor

_COMMANDS_KEPT = 50
_LANGUAGES = ("zh", "en")


async def set_preferences(
    city: City,
    actor: Actor,
    command: Command,
    *,
    quiet_from: str | None,
    quiet_to: str | None,
    muted_kinds: Sequence[str],
    language: str | None,
) -> Row:
    """Set a person's preferences as a whole; only what is never urgent can be muted.

    Quiet hours are two local times such as 22:00 and 06:30, or none. A command that is repeated after a later
    one changes nothing.
    """
    given = {
        **_quiet_hours(quiet_from, quiet_to), "muted_kinds": _mutable(muted_kinds),
        "language": _language(language),
    }  # fmt: skip
    made = {"client_id": command.client_id, "input_hash": input_hash("preferences", given)}
    preferences = city.database.notification_preferences
    for _ in range(2):
        try:
            stored: Row = await preferences.find_one_and_update(
                {"_id": actor.person_id, "commands.client_id": {"$ne": command.client_id}},
                {
                    "$set": {**given, "updated_at": city.clock.now()},
                    "$push": {"commands": {"$each": [made], "$slice": -_COMMANDS_KEPT}},
                },
                upsert=True,
                return_document=True,
            )
            return stored
        except DuplicateKeyError:  # this very command was carried out before, or two came at once
            known = await preferences.find_one({"_id": actor.person_id})
            if known is not None and _was_made(known, made):
                return known
    raise CityProblem("BUSY")


def _quiet_hours(quiet_from: str | None, quiet_to: str | None) -> Row:
    if quiet_from is None and quiet_to is None:
        return {"quiet_from": None, "quiet_to": None}
    if quiet_from == quiet_to or not (_is_time(quiet_from) and _is_time(quiet_to)):
        raise CityProblem(
            "PREFERENCES_INVALID", field="quietFrom", allowed="two times such as 22:00 and 06:30"
        )
    return {"quiet_from": quiet_from, "quiet_to": quiet_to}


def _was_made(known: Row, made: Row) -> bool:
    before = [row for row in known["commands"] if row["client_id"] == made["client_id"]]
    if before and before[0] != made:
        raise CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
    return bool(before)


def _is_time(value: str | None) -> bool:
    try:
        return value is not None and time.fromisoformat(value).strftime("%H:%M") == value
    except ValueError:
        return False


def _mutable(kinds: Sequence[str]) -> list[str]:
    wanted = set(kinds)
    if wanted - MAY_BE_MUTED:
        allowed = ", ".join(sorted(MAY_BE_MUTED))
        raise CityProblem("PREFERENCES_INVALID", field="mutedKinds", allowed=allowed)
    return sorted(wanted)


def _language(language: str | None) -> str | None:
    if language is not None and language not in _LANGUAGES:
        raise CityProblem("PREFERENCES_INVALID", field="language", allowed=", ".join(_LANGUAGES))
    return language
