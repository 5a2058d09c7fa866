"""Asks cities a question in turns, then some times more under MongoDB's profiler."""

from __future__ import annotations

import time
from collections.abc import Sequence

from city_core.kit.mongo import PyMongoError, is_unreachable
from tests.bench.figures import Figures, spread
from tests.bench.places.asked import Asked, DeepQuestion, Question
from tests.bench.places.mongo_work import watched
from tests.bench.places.standing import Standing

WATCHED_CALLS, WARM_CALLS, LEAST_CALLS = 20, 3, 10
PATIENCE_S = 8.0  # of all cities together; what is slow is asked less often


async def ask_in_turns(question: Question, cities: Sequence[Standing], calls: int) -> Figures:
    """Ask every city a question so often, or until that took too long; gives the figures of each city."""
    taken: dict[str, list[float]] = {city.size.name: [] for city in cities}
    failed = dict.fromkeys(taken, 0)
    for city in cities:
        for number in range(min(WARM_CALLS, calls)):
            await _answered(question, city.asking(number))
    for number in range(calls):
        if number >= LEAST_CALLS and sum(map(sum, taken.values())) > PATIENCE_S:
            break
        for city in cities:
            asking = city.asking(number)
            if isinstance(question, DeepQuestion):
                await question.ready(asking)
            start = time.perf_counter()
            if await _answered(question, asking) is None:
                failed[city.size.name] += 1
            taken[city.size.name].append(time.perf_counter() - start)
    return {
        city.size.name: {
            **spread(taken[city.size.name], 0.5, 0.95),
            **({"gave_up": failed[city.size.name]} if failed[city.size.name] else {}),
            **await _work(question, city, calls),
        }
        for city in cities
    }


async def _answered(question: Question, asking: Asked) -> int | None:
    """Ask; None where MongoDB took longer than the core lets it, which is a figure too."""
    try:
        return await question(asking) or 0
    except PyMongoError as error:
        if not is_unreachable(error):
            raise
        return None


async def _work(question: Question, city: Standing, calls: int) -> Figures:
    count, results = min(calls, WATCHED_CALLS), 0
    async with watched(city.city.database) as work:
        for number in range(count):
            results += await _answered(question, city.asking(number)) or 0
    return {
        "operations": round(work.operations / count, 1),
        "keys": round(work.keys / count, 1),
        "documents": round(work.documents / count, 1),
        "results": round(results / count, 1),
        "keys_per_result": round(work.keys / max(1, results), 1),
        "documents_per_result": round(work.documents / max(1, results), 1),
        "plans": sorted(work.plans)[:4],
    }
