"""An operator makes, renews and turns off the keys of machine sources, on record."""

from __future__ import annotations

import uuid

from city_core.cases.command import Command
from city_core.eye.model import SourceKind
from city_core.eye.sources import (
    IssuedKey,
    NewSource,
    create_machine_source,
    disable_machine_source,
    machine_sources,
    rotate_machine_key,
)
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.operation.note_deed import note_deed
from city_core.people.roles import Actor, Role
from city_core.settings import Settings

_KEEPER_OF_KEYS = Role.SECURITY_ADMINISTRATOR


async def sources(city: City, by: str) -> list[Row]:
    """List machine sources, without keys."""
    return await machine_sources(city, _keeper(by))


async def make_key(
    city: City, by: str, name: str, kind: SourceKind, streets: list[str], frames_per_minute: int
) -> IssuedKey:
    """Let a new machine in; its key is told once."""
    await note_deed(city, by, "keys make", {"name": name, "kind": kind.value, "streets": streets})
    given = NewSource(name, kind, streets, frames_per_minute)
    return await create_machine_source(city, _keeper(by), _command(), given)


async def renew_key(city: City, by: str, source_id: str) -> IssuedKey:
    """Give a source another key; the one before opens nothing from this moment on."""
    await note_deed(city, by, "keys renew", {"source": source_id})
    return await rotate_machine_key(city, _keeper(by), _command(), source_id)


async def turn_off_key(city: City, by: str, source_id: str) -> Row:
    """Close a source: its key opens nothing until it gets another one."""
    await note_deed(city, by, "keys turn-off", {"source": source_id})
    return await disable_machine_source(city, _keeper(by), _command(), source_id)


def secrets_set(settings: Settings, names: tuple[str, ...]) -> dict[str, bool]:
    """Tell which secrets of the settings are set, never what they are."""
    return {name.upper(): getattr(settings, name) is not None for name in names}


def _keeper(by: str) -> Actor:
    return Actor(by, _KEEPER_OF_KEYS, by)


def _command() -> Command:
    return Command(uuid.uuid4().hex, None, "yiwang")
