"""Who may change components, and who watches over those of a street."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role

Component = Mapping[str, Any]
CHANGERS = (Role.ADMINISTRATOR, Role.INSPECTOR)
_WATCHERS = SEATS | {Role.LEADER, Role.ADMINISTRATOR}


def refuse_other_posts(actor: Actor) -> None:
    """Refuse whoever neither inspects a grid nor keeps the registries."""
    if actor.role not in CHANGERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(CHANGERS))


def refuse_other_grid(actor: Actor, grid_id: str, *, field: str) -> None:
    """Refuse an inspector whatever stands, or is to stand, outside their own grids."""
    refuse_other_posts(actor)
    if actor.role is Role.INSPECTOR and grid_id not in actor.grid_ids:
        raise CityProblem("NOT_ALLOWED", field=field, allowed="a place in your own grids")


def refuse_other_street(actor: Actor, street_code: str | None, *, field: str) -> None:
    """Refuse whoever keeps neither the registries nor leads in this street."""
    if actor.role is Role.ADMINISTRATOR:
        return
    if actor.role is not Role.LEADER:
        raise CityProblem("NOT_ALLOWED", field="role", allowed="ADMINISTRATOR, LEADER")
    if street_code not in actor.street_codes:
        raise CityProblem("NOT_ALLOWED", field=field, allowed="your own streets")


def refuse_to_show_street(actor: Actor, street_code: str) -> None:
    """Refuse whoever does not watch over this street."""
    if actor.role not in _WATCHERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(sorted(_WATCHERS)))
    if actor.role is not Role.ADMINISTRATOR and street_code not in actor.street_codes:
        raise CityProblem("NOT_ALLOWED", field="streetCode", allowed="your own streets")
