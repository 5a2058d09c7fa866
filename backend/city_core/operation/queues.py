"""The queues of work, lane by lane, for whoever keeps the rules of the city."""

from __future__ import annotations

from collections.abc import Iterable

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.operation.figures import WaitingWork, count_work
from city_core.operation.lanes import KINDS_OF_LANE, KINDS_OF_WORK
from city_core.people.roles import Actor
from city_core.rules.keepers import check_keeper


async def queues_of_work(city: City, actor: Actor, collections: Iterable[str]) -> list[Row]:
    """Count what waits, is being done and was given up, by lane and by kind; never whose it is."""
    check_keeper(actor)
    counted = await count_work(city, collections, KINDS_OF_WORK)
    return [
        {"lane": lane, **_sum_of([counted[kind] for kind in kinds]),
         "kinds": [{"kind": kind, **_sum_of([counted[kind]])} for kind in kinds]}
        for lane, kinds in KINDS_OF_LANE.items()
    ]  # fmt: skip


def _sum_of(counted: list[WaitingWork]) -> Row:
    return {
        "waiting": sum(one.waiting for one in counted),
        "active": sum(one.active for one in counted),
        "stuck": sum(one.given_up for one in counted),
        "oldest_seconds": int(max(one.oldest_seconds for one in counted)),
    }
