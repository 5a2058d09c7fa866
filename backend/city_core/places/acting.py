"""Who acts on places, as far as places have to know: people are a neighbour that places do not import."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from city_core.audit.entry import By
from city_core.kit.problems import CityProblem

CITIZEN, INSPECTOR, ADMINISTRATOR = "CITIZEN", "INSPECTOR", "ADMINISTRATOR"


class Acting(By, Protocol):
    """A person in their post, with the streets and the responsibility grids that they answer for."""

    @property
    def street_codes(self) -> Collection[str]: ...
    @property
    def grid_ids(self) -> Collection[str]: ...


def check_acting(actor: Acting, posts: Collection[str]) -> None:
    """Refuse whoever is on another post."""
    if actor.role not in posts:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(posts)))
