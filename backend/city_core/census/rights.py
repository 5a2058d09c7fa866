"""Who may change components, and who watches over those of a street."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.people.roles import SEATS, Actor, Role
from city_core.places.components.record import component_unknown

Component = Mapping[str, Any]
CHANGERS = (Role.ADMINISTRATOR, Role.INSPECTOR)
_WATCHERS = SEATS | {Role.LEADER, Role.ADMINISTRATOR}


def refuse_other_posts(actor: Actor) -> None:
    """Refuse whoever neither inspects a grid nor keeps the registries."""
    if actor.role not in CHANGERS:
        raise CityProblem("NOT_ALLOWED", field="role", allowed=", ".join(CHANGERS))


def refuse_component_elsewhere(actor: Actor, component: Component) -> None:
    """Refuse an inspector what stands outside their own grids, and a leader what stands in other streets.

    They cannot look it up either (`places.registries.sight`): for them there is none (COMPONENT_UNKNOWN).
    """
    inspects = actor.role is Role.INSPECTOR and component["responsibility_grid_id"] not in actor.grid_ids
    leads = actor.role is Role.LEADER and component.get("street_code") not in actor.street_codes
    if inspects or leads:
        raise component_unknown("componentCode")


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
