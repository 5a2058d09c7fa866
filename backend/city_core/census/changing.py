"""One change of a component: find it, see whether it may be, one write with its history, or again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.cases.command import Command, input_hash
from city_core.cases.photos import checked_photos
from city_core.census.campaigns.running import running_campaign
from city_core.kit.city import City
from city_core.kit.conflicts import CommandConflict
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role
from city_core.places.components.model import COMPONENTS
from city_core.places.components.record import Deed, find_component, write_change

_TRIES = 10
# What phones see of a component, by their name for it, and what is stored of it.
_SEEN: Mapping[str, tuple[str, ...]] = {
    "point": ("point",),
    "state": ("state",),
    "name": ("name_zh",),
    "departments": ("authority_department_id", "owner_department_id", "keeper_department_id",
                    "owner_name_zh", "owner_is_known"),
}  # fmt: skip
Decide = Callable[[Row, datetime], Awaitable[Row]]


@dataclass(frozen=True)
class Intent:
    """What somebody wants to do to a component: what they gave, said and showed, and what matters to it.

    `matters` names, in the phones' words, what must not have changed since they saw it.
    """

    kind: str
    given: Mapping[str, Any]
    matters: Collection[str] = ()
    note: str = ""
    media_ids: Sequence[str] = field(default_factory=tuple)


def seen_at(city: City, command: Command) -> datetime:
    """Tell when a person was there: the phone's own time, put right where that was measured, never later."""
    now = city.clock.now()
    return min(now, command.made_at or command.device_time or now)


async def change_component(
    city: City,
    actor: Actor,
    code: str,
    command: Command,
    intent: Intent,
    refuse: Callable[[Row], None],
    decide: Decide,
) -> Row:
    """Carry one command out on a component, once; repeats itself when somebody was faster."""
    mark = input_hash(f"component:{intent.kind}", {"code": code, **intent.given})
    at = seen_at(city, command)
    for _ in range(_TRIES):
        component = await find_component(city, code)
        refuse(component)
        if _is_repeated(component, actor, command, mark):
            return component
        await _refuse_id_of_other(city, code, actor, command)
        _refuse_conflict(component, actor, intent.matters, command.base_version)
        media_ids = await checked_photos(city, actor, intent.media_ids)
        values = _seen_too(actor, component, await decide(component, at), at)
        campaign_id = await running_campaign(city, component["grid_code"], component["type_code"], at)
        deed = Deed(
            intent.kind, actor.person_id, command.client_id, mark, intent.note, media_ids, campaign_id
        )
        changed = await write_change(city, component, deed, values)
        if changed is not None:
            return changed
    raise CityProblem("COMPONENT_BUSY")


def changed_since(component: Row, actor: Actor, base_version: int) -> set[str]:
    """Name what others have changed of a component since a version, in the phones' words."""
    news = [
        row
        for row in component["history"]
        if row["seq"] > base_version and row["person_id"] != actor.person_id
    ]
    return {name for row in news for name in changed_parts(row)}


def changed_parts(row: Mapping[str, Any]) -> list[str]:
    """Name what a row of the history has changed of what phones see, in their words."""
    return [name for name, fields in _SEEN.items() if not row["after"].keys().isdisjoint(fields)]


def _seen_too(actor: Actor, component: Row, values: Row, at: datetime) -> Row:
    """An inspector who changes a component stands before it: that is a check as well."""
    before: datetime | None = component.get("checked_at")
    if actor.role is not Role.INSPECTOR or (before is not None and before > at):
        return values
    return {"checked_at": at, **values}


def _refuse_conflict(
    component: Row, actor: Actor, matters: Collection[str], base_version: int | None
) -> None:
    if base_version is None:
        return
    version = component["version"]
    if not 1 <= base_version <= version:
        raise CityProblem("BASE_VERSION_UNKNOWN", field="baseVersion", allowed=f"1 to {version}")
    news = changed_since(component, actor, base_version)
    if found := tuple(name for name in matters if name in news):
        raise CommandConflict(found, version, component["state"])


def _is_repeated(component: Row, actor: Actor, command: Command, mark: str) -> bool:
    for row in component["history"]:
        # What imports and drawn grids put on record comes from no command.
        if row.get("command_id") == command.client_id and row["person_id"] == actor.person_id:
            if row["input_hash"] != mark:
                raise reused()
            return True
    return False


async def _refuse_id_of_other(city: City, code: str, actor: Actor, command: Command) -> None:
    made = {"$elemMatch": {"command_id": command.client_id, "person_id": actor.person_id}}
    query = {"history.command_id": command.client_id, "history": made, "_id": {"$ne": code}}
    if await city.database[COMPONENTS].find_one(query, {"_id": 1}) is not None:
        raise reused()


def reused() -> CityProblem:
    """Say that a command id was already used for something else."""
    return CityProblem("COMMAND_REUSED", field="clientId", allowed="a fresh UUID for each command")
