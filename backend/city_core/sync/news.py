"""Whether something changed in somebody's scopes: for hints over sockets and for long polls."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from city_core.kit.city import City
from city_core.people.roles import Actor
from city_core.sync.pull import start_of
from city_core.sync.pull_dictionaries import pull_dictionaries
from city_core.sync.scopes import SyncScope, keys_of, mark_of


def channels_of(actor: Actor, scopes: Collection[SyncScope]) -> list[str]:
    """Name the channels on which changes of some scopes are announced."""
    return [f"sync:{key}" for scope in scopes for key in keys_of(actor, scope)]


async def newest(city: City, actor: Actor, scopes: Collection[SyncScope]) -> dict[SyncScope, tuple[int, str]]:
    """Tell for each scope its newest number, and the mark of what it is made of."""
    return {scope: (await _newest(city, keys_of(actor, scope)), mark_of(actor, scope)) for scope in scopes}


async def scopes_with_news(
    city: City, actor: Actor, checkpoints: Mapping[SyncScope, str | None]
) -> list[SyncScope]:
    """Name the scopes that hold something beyond their checkpoint, or whose checkpoint is of no use."""
    return [scope for scope, given in checkpoints.items() if await _has_news(city, actor, scope, given)]


async def _has_news(city: City, actor: Actor, scope: SyncScope, checkpoint: str | None) -> bool:
    if scope is SyncScope.DICTIONARIES:
        pulled = await pull_dictionaries(city, actor, checkpoint=checkpoint, limit=1)
        return bool(pulled.documents)
    start = await start_of(city, actor, scope, checkpoint)
    return start is None or await _newest(city, keys_of(actor, scope)) > start.seq


async def _newest(city: City, keys: list[str]) -> int:
    if not keys:
        return 0
    query = {"scope": {"$in": keys}}
    row = await city.database.sync_entries.find_one(query, {"seq": 1}, sort=[("seq", -1)])
    return int(row["seq"]) if row else 0
