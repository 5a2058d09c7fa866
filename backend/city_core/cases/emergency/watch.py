"""Whom the emergencies of this moment let see more: the areas come with the actor, once a request."""

from __future__ import annotations

import time
from dataclasses import replace

from city_core.cases.emergency.in_force import emergencies_on
from city_core.cases.visibility import WIDENABLE
from city_core.kit.city import City
from city_core.people.roles import Actor

QUIET_SECONDS = 2.0


class EmergencyWatch:
    """Knows for a moment that nothing is on; as long as something is, it looks anew for every request.

    So sight widens a moment late at most, and narrows at once.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._quiet_until = 0.0

    async def widened(self, actor: Actor) -> Actor:
        """Give an actor the areas whose cases they may see while an emergency is on there."""
        if actor.role not in WIDENABLE or time.monotonic() < self._quiet_until:
            return actor
        asked_at = time.monotonic()
        on = await emergencies_on(self._city)
        if not on:
            self._quiet_until = asked_at + QUIET_SECONDS
            return actor
        areas = frozenset(
            code
            for emergency in on
            if actor.role in emergency.profile.widened_to
            for code in (*emergency.row["street_codes"], *emergency.row["community_codes"])
        )
        return replace(actor, emergency_areas=areas)
