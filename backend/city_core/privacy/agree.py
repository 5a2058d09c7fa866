"""Somebody agrees to the privacy notice in force; whoever has not is told so, and can report all the same."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.privacy.model import AGREEMENTS
from city_core.privacy.notices import notice_in_force


async def agree_to_privacy(city: City, actor: Actor, version: int, language: str) -> Row:
    """Keep that somebody agreed to the version in force, in which language, and when; once each version."""
    now = city.clock.now()
    in_force = notice_in_force(now, city.settings.privacy_notices).version
    if version != in_force:
        raise CityProblem("PRIVACY_NOTICE_UNKNOWN", field="version", allowed=str(in_force))
    row = {
        "_id": _key(actor, version), "person_id": actor.person_id, "version": version, "agreed_at": now,
        "language": "en" if language == "en" else "zh",
    }  # fmt: skip
    try:
        await city.database[AGREEMENTS].insert_one(row)
    except DuplicateKeyError:
        return dict(await city.database[AGREEMENTS].find_one({"_id": row["_id"]}) or row)
    return row


async def is_notice_due(city: City, actor: Actor) -> bool:
    """Tell whether somebody has still to agree to the version in force; nobody unknown has to."""
    if actor.is_unknown:
        return False
    in_force = notice_in_force(city.clock.now(), city.settings.privacy_notices)
    agreed = {"_id": _key(actor, in_force.version)}
    return await city.database[AGREEMENTS].find_one(agreed, {"_id": 1}) is None


def _key(actor: Actor, version: int) -> str:
    return f"{actor.person_id}:{version}"
