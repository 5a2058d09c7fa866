"""What changed on somebody's map since a checkpoint: open cases as they are now, and those that left it."""

from __future__ import annotations

from dataclasses import replace

from city_core.cases.visibility import FIELDS_ASKED, may_see
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.people.roles import Actor
from city_core.sync.pull import Kind, Pulled, pull_kind, start_of
from city_core.sync.scopes import CASE_FIELDS, SyncScope, keys_of_case

_SHOWN = ("type_code", "deadline_at", "handled_at", "version")


async def pull_map(city: City, actor: Actor, *, checkpoint: str | None, limit: int) -> Pulled:
    """Give out the open cases of somebody's map that changed since a checkpoint, 1 to 100.

    Without a checkpoint nothing comes but one that stands for now: what there is so far, the picture of the
    map shows. Take it before the picture, and nothing is missed.
    """
    if checkpoint is None:
        first = await start_of(city, actor, SyncScope.MAP, None)
        assert first is not None  # without a checkpoint there is always a start
        return Pulled([], replace(first, seq=first.first_until).text(), has_more=False)
    needed = frozenset({"_id", *_SHOWN, *FIELDS_ASKED, *CASE_FIELDS})
    shown = Kind(
        "cases", needed, keys_of_case,
        lambda case: case["state"] in OPEN_STATES and may_see(actor, case),
    )  # fmt: skip
    return await pull_kind(city, actor, SyncScope.MAP, shown, checkpoint, limit)
