"""Does a work item that somebody was woken for, and goes straight on with what it led to."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import structlog

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.logs import failure
from city_core.kit.mongo import is_unreachable
from city_core.kit.problems import CityProblem
from city_core.kit.waking import CollectingWaker, Wake
from city_core.kit.work import MOST_ATTEMPTS, Claim, Handler, Later, claim, finish, put_off, set_aside
from city_core.kit.work_watched import SETTLED, watched_try

_LONGEST_PAUSE_SECONDS = 60
log = structlog.get_logger()


async def perform(city: City, handlers: Mapping[str, Handler], wake: Wake) -> bool:
    """Do one work item if it can be claimed, then what it leads to; True if it was done.

    Of what is done in another lane nothing is claimed: processes of another release may put it on this queue.
    """
    if wake.kind not in handlers:
        return False
    held = await claim(city, wake)
    if held is None:
        return False
    handler = handlers[held.kind]
    following = CollectingWaker(city.waker)
    inside = city if handler.for_many else replace(city, waker=following)
    async with watched_try(city, held) as tried:
        tried.outcome = await _outcome(city, inside, handler, held)
    if tried.outcome not in SETTLED:
        return False
    await _go_on(city, handlers, following.wakes)
    return True


async def _go_on(city: City, handlers: Mapping[str, Handler], wakes: Sequence[Wake]) -> None:
    """Do what a job led to, each document one step at a time; what has another lane is done there."""
    now = city.clock.now()
    lines: dict[tuple[str, str], list[Wake]] = defaultdict(list)
    for wake in wakes:
        if wake.kind not in handlers or wake.due_at > now:
            city.waker.wake(wake)
        else:
            lines[wake.collection, wake.owner_id].append(wake)
    in_turn = [_one_by_one(city, handlers, line) for line in lines.values()]
    for failed in await asyncio.gather(*in_turn, return_exceptions=True):
        if failed is not None:
            raise failed


async def _one_by_one(city: City, handlers: Mapping[str, Handler], wakes: Iterable[Wake]) -> None:
    for wake in wakes:
        await perform(city, handlers, wake)


async def _outcome(city: City, inside: City, handler: Handler, held: Claim) -> str:
    """Try to do a claimed item; whatever happens, it is finished, given up, or to be tried again."""
    try:
        await point("work.claimed")
        return await _do(inside, handler, held)
    except asyncio.CancelledError:  # this process stops: somebody else does it, at once
        await put_off(city, held, 0, counts=False)
        city.waker.wake(Wake(held.kind, held.collection, held.owner_id, held.key, city.clock.now()))
        raise
    except CityProblem as problem:
        return await _settle_refused(city, held, problem)
    except Later as later:
        log.info("work_put_off", reason=str(later))
        await put_off(city, held, later.seconds, counts=later.counts)
        return "put_off"
    except Exception as error:
        log.error("work_failed", **failure(error))
        pause = min(2**held.attempts, _LONGEST_PAUSE_SECONDS)
        await put_off(city, held, pause, counts=not is_unreachable(error))
        return "failed"


async def _settle_refused(city: City, held: Claim, problem: CityProblem) -> str:
    """A step that is no longer possible was taken by somebody faster; anything else is tried again."""
    if problem.code == "STEP_NOT_POSSIBLE":
        await finish(city, held)
        return "overtaken"
    log.error("work_refused", code=problem.code)
    await put_off(city, held, min(2**held.attempts, _LONGEST_PAUSE_SECONDS))
    return "refused"


async def _do(city: City, handler: Handler, held: Claim) -> str:
    if held.attempts <= MOST_ATTEMPTS:
        is_off_the_list = await handler.do(city, held)
        await point("work.done")
        if not is_off_the_list:
            await finish(city, held)
        return "done"
    log.error("work_given_up")
    if handler.give_up is not None and await handler.give_up(city, held):
        return "given_up"
    await set_aside(city, held)
    return "given_up"
