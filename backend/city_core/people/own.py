"""What is somebody's own: the rows that bear their id, and nobody else's."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.people.roles import Actor


def own_rows(actor: Actor) -> Row:
    """Give the filter of what belongs to somebody: sessions, messages, points, requests about their data."""
    return {"person_id": actor.person_id}


def own_photos(actor: Actor) -> Row:
    """Give the filter of the photos that somebody sent."""
    return {"owner_id": actor.person_id}
