"""The darkroom: whatever becomes of a child, there is a verdict or none, and the next photo is developed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace

import psutil
import pytest

from city_core.kit.problems import CityProblem
from city_core.media.darkroom.darkroom import LIMITS, MEBIBYTE, Darkroom, NoVerdict
from tests.hostile_photos import of_many_scans, photo
from tests.waiting import until

SLOW = of_many_scans(99, (4_000, 3_000))  # a second or two of work


@pytest.fixture
async def room() -> AsyncIterator[Darkroom]:
    darkroom = Darkroom()
    darkroom.open()
    await darkroom.develop(photo())
    yield darkroom
    darkroom.close()


async def forker_of() -> psutil.Process:
    """Find the process that forks for the room of this test: the youngest, as others may have been left."""
    mine = psutil.Process().children()
    forkers = [process for process in mine if "city_core.media.darkroom.server" in process.cmdline()]
    return max(forkers, key=psutil.Process.create_time)


async def child_of() -> psutil.Process:
    """Wait for a child at work."""
    forker = await forker_of()

    async def look() -> psutil.Process | None:
        return next(iter(forker.children()), None)

    return await until(look, "a child at work")


async def test_a_child_that_hangs_is_a_photo_that_costs_too_much(room: Darkroom) -> None:
    hasty = Darkroom(replace(LIMITS, wall_seconds=1.0))
    with pytest.raises(CityProblem, match="PHOTO_TOO_COSTLY"):
        await hasty.develop(of_many_scans(99, (8_000, 6_000)))  # many seconds of work
    assert (await hasty.develop(photo())).width_px == 320
    hasty.close()


async def test_a_child_that_was_killed_is_followed_by_another_and_then_no_more(room: Darkroom) -> None:
    developing = asyncio.create_task(room.develop(SLOW))
    first = await child_of()
    first.kill()
    assert (await developing).width_px == 4_000
    developing = asyncio.create_task(room.develop(SLOW))
    first = await child_of()
    first.kill()
    await asyncio.to_thread(psutil.wait_procs, [first], 5)
    (await child_of()).kill()
    with pytest.raises(CityProblem, match="PHOTO_TOO_COSTLY"):
        await developing


async def test_when_the_process_that_forks_dies_nothing_is_said_of_the_photo(room: Darkroom) -> None:
    developing = asyncio.create_task(room.develop(SLOW))
    child, forker = await child_of(), await forker_of()
    forker.kill()
    with pytest.raises(NoVerdict):
        await developing
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [child], 5)
    assert gone or not child.is_running()
    assert (await room.develop(photo())).width_px == 320


async def test_what_needs_all_of_the_memory_does_not_pay_for_its_waiting() -> None:
    fits_in_half, needs_all = of_many_scans(99, (1_600, 1_200)), of_many_scans(99, (3_000, 2_200))
    room = Darkroom(replace(LIMITS, memory_bytes=460 * MEBIBYTE, wall_seconds=10.0))
    await room.develop(photo())
    hanging = asyncio.create_task(room.develop(fits_in_half))
    (await child_of()).suspend()
    assert (await room.develop(needs_all)).width_px == 3_000, "once the other one was ended"
    with pytest.raises(CityProblem, match="PHOTO_TOO_COSTLY"):
        await hanging
    room.close()


async def test_a_photo_that_nobody_waits_for_is_not_developed_on(room: Darkroom) -> None:
    developing = asyncio.create_task(room.develop(SLOW))
    child = await child_of()
    developing.cancel()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [child], 5)
    assert gone
    assert (await room.develop(photo())).width_px == 320


async def test_no_more_than_two_are_developed_at_once_and_the_others_come_later(room: Darkroom) -> None:
    developing = [asyncio.create_task(room.develop(SLOW)) for _ in range(2)]
    await child_of()
    forker = await forker_of()
    for process in forker.children():
        os.kill(process.pid, signal.SIGSTOP)

    async def both_stand() -> bool:
        children = forker.children()
        for process in children:
            os.kill(process.pid, signal.SIGSTOP)
        return len(children) == 2

    await until(both_stand, "two children that stand still")
    with pytest.raises(NoVerdict, match="full"):
        await room.develop(photo())
    for task in developing:
        task.cancel()
    await asyncio.gather(*developing, return_exceptions=True)
    assert (await room.develop(photo())).width_px == 320


async def test_a_child_has_none_of_our_secrets_and_can_open_nothing(room: Darkroom) -> None:
    developing = asyncio.create_task(room.develop(SLOW))
    child = await child_of()
    forker = await forker_of()
    assert set(forker.environ()) <= {"PATH", "PYTHONPATH", "MALLOC_ARENA_MAX", "LC_CTYPE"}

    async def is_confined() -> bool:
        return child.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)

    await until(is_confined, "a confined child")
    assert child.rlimit(psutil.RLIMIT_AS)[0] == LIMITS.memory_bytes // 2
    assert child.rlimit(psutil.RLIMIT_CPU)[0] == LIMITS.cpu_seconds
    assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert not child.net_connections()
    assert (await developing).width_px == 4_000
