"""Migrations are made: one after the other, by one process at a time, each put on record once it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from city_core.kit.city import City
from city_core.kit.held import held
from city_core.kit.ids import new_id
from city_core.kit.mongo import DuplicateKeyError
from city_core.operation.migrations.step import Step
from city_core.operation.migrations.steps import STEPS
from city_core.operation.model import MIGRATION_LEASE, MIGRATIONS
from city_core.operation.refusals import OperationRefused

LEASE = timedelta(minutes=2)
Shown = Callable[[str, int], None]


@dataclass(frozen=True)
class Made:
    """What became of one step: how many rows it brought up to date, or would."""

    name: str
    says: str
    rows: int


async def outstanding(city: City, steps: Sequence[Step] = STEPS) -> list[Step]:
    """Name the steps that were not made yet, in their order."""
    made = {row["_id"] async for row in city.database[MIGRATIONS].find({}, {"_id": 1})}
    return [step for step in steps if step.name not in made]


async def migrate(
    city: City, by: str, shown: Shown, *, dry_run: bool = False, again: bool = False,
    steps: Sequence[Step] = STEPS,
) -> AsyncIterator[Made]:  # fmt: skip
    """Make the steps that are outstanding, or all of them `again`; with `dry_run` only count what is to do.

    Raises OperationRefused while another process migrates. One that was killed is followed by the next after
    two minutes; its step begins again.
    """
    wanted = list(steps) if again else await outstanding(city, steps)
    if not wanted:
        return
    async with held(_take_lease(city, by, dry_run=dry_run), partial(_let_go, city)) as lease:
        for step in wanted:
            yield await _make(city, step, by, shown, lease)


async def _make(city: City, step: Step, by: str, shown: Shown, lease: int | None) -> Made:
    async def told(seen: int) -> None:
        if lease is not None:
            await _renew(city, lease)
        shown(step.name, seen)

    if lease is None:
        return Made(step.name, step.says, await step.left(city, told))
    rows = await step.run(city, told)
    await _renew(city, lease)
    record = {"by": by, "done": rows, "made_at": city.clock.now()}
    await city.database[MIGRATIONS].update_one({"_id": step.name}, {"$set": record}, upsert=True)
    return Made(step.name, step.says, rows)


async def _take_lease(city: City, by: str, *, dry_run: bool) -> int | None:
    if dry_run:  # whoever only counts stands in nobody's way
        return None
    now = city.clock.now()
    try:
        row = await city.database[MIGRATIONS].find_one_and_update(
            {"_id": MIGRATION_LEASE, "leased_until": {"$lte": now}},
            {"$set": {"holder": f"{by} {new_id()}", "leased_until": now + LEASE}, "$inc": {"fence": 1}},
            upsert=True, return_document=True,
        )  # fmt: skip
    except DuplicateKeyError:  # it is there, and leased
        raise OperationRefused("Another process migrates this city at the moment.") from None
    return int(row["fence"])


async def _renew(city: City, fence: int) -> None:
    until = {"$set": {"leased_until": city.clock.now() + LEASE}}
    leased = {"_id": MIGRATION_LEASE, "fence": fence}
    if not (await city.database[MIGRATIONS].update_one(leased, until)).matched_count:
        raise OperationRefused("Another process has taken the migration over; this one ends.")


async def _let_go(city: City, fence: int) -> None:
    # The fence rises as well: a renewal that is still on its way, of a process told to end, finds nothing.
    leased = {"_id": MIGRATION_LEASE, "fence": fence}
    ended = {"$set": {"leased_until": city.clock.now()}, "$inc": {"fence": 1}}
    await city.database[MIGRATIONS].update_one(leased, ended)
