"""The darkroom: strangers' photos are decoded in children that may die of it, two at a time.

A child has half of the memory that the city allows; what did not fit or killed its child is developed once
more, alone and with all of it. So a worker and its children stay below 1.5 GiB.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, replace
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from city_core.kit.problems import CityProblem
from city_core.media.darkroom.limits import OUT_OF_MEMORY, Limits
from city_core.media.darkroom.parcel import MOST_PARCEL_BYTES, Copies, SpoiltParcel, unpack

MEBIBYTE = 1024 * 1024
PLACES = 2
LIMITS = Limits(memory_bytes=1024 * MEBIBYTE, cpu_seconds=5, wall_seconds=8.0)
_LONGEST_WAIT_SECONDS = 3.0  # for a place; longer than that, and the photo comes back later
_GRACE_SECONDS = 2.0  # in which the process that forks must have said how its child ended
_SHORTEST_TRY_SECONDS = 0.5
log = structlog.get_logger()


def _unnoted(_: float) -> None:
    return None


class NoVerdict(Exception):
    """Nothing was found out about the photo, for reasons that are not its own: try again."""


class Darkroom:
    """Develops photos for one process; the process that forks is started with the first of them."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(PLACES)
        self._alone = asyncio.Lock()
        self._server: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    async def develop(self, data: bytes, *, took: Callable[[float], None] = _unnoted) -> Copies:
        """Make our own copies of a stranger's photo, or refuse it with CityProblem; raises NoVerdict.

        `took` is told of each try how long it held a place, seconds. A child that dies, or needs more time or
        memory than there is, is PHOTO_TOO_COSTLY. The time counts in which it is developed, not that in which
        it waits for others.
        """
        async with self._place(alone=False):
            began = time.monotonic()
            half = replace(self._limits, memory_bytes=self._limits.memory_bytes // 2)
            copies = await self._try(data, half, took)
            taken_seconds = time.monotonic() - began
        if copies is None:
            async with self._place(alone=True):
                left = max(_SHORTEST_TRY_SECONDS, self._limits.wall_seconds - taken_seconds)
                copies = await self._try(data, replace(self._limits, wall_seconds=left), took)
        if copies is None:
            raise _too_costly()
        return copies

    def open(self) -> None:
        """Start the process that forks before the first photo is there."""
        self._orders()

    def close(self) -> None:
        """End the process that forks, and with it every child."""
        if self._server is None:
            return
        process, orders = self._server
        self._server = None
        orders.close()
        process.kill()
        process.wait()

    @contextlib.asynccontextmanager
    async def _place(self, *, alone: bool) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as held:
            wait = self._limits.wall_seconds + _GRACE_SECONDS if alone else _LONGEST_WAIT_SECONDS
            try:
                async with asyncio.timeout(wait):
                    if alone:
                        await held.enter_async_context(self._alone)
                    for _ in range(PLACES if alone else 1):
                        await held.enter_async_context(self._places)
            except TimeoutError:
                raise NoVerdict("the darkroom is full") from None
            yield

    async def _try(self, data: bytes, limits: Limits, took: Callable[[float], None]) -> Copies | None:
        """Develop a photo within these limits; None if its child died of it or found too little memory."""
        began_at = time.monotonic()
        try:
            async with asyncio.timeout(limits.wall_seconds + _GRACE_SECONDS):
                parcel, end = await self._send(data, limits)
        except (OSError, TimeoutError, ValueError) as error:
            self.close()
            raise NoVerdict(type(error).__name__) from error
        finally:
            took(time.monotonic() - began_at)
        used = {"cpu_seconds": round(end["cpu_seconds"], 2), "peak_bytes": end.get("peak_bytes")}
        log.debug("photo_developed", exit=end["exit"], late=end.get("late"), used=used)
        if end["exit"] == 0:
            with contextlib.suppress(SpoiltParcel):
                return unpack(parcel)
        if end["exit"] != OUT_OF_MEMORY:
            log.warning("photo_killed_its_child", exit=end["exit"], late=end.get("late"), used=used)
        if end["late"] or end["cpu_seconds"] >= limits.cpu_seconds:
            raise _too_costly()
        return None

    async def _send(self, data: bytes, limits: Limits) -> tuple[bytes, dict[str, Any]]:
        loop = asyncio.get_running_loop()
        with contextlib.ExitStack() as opened:
            parcel, its_parcel = (opened.enter_context(end) for end in socket.socketpair())
            told, its_told = (opened.enter_context(end) for end in socket.socketpair())
            photo = opened.enter_context(os.fdopen(os.memfd_create("photo"), "wb", buffering=0))
            photo.write(data)
            files = [photo.fileno(), its_parcel.fileno(), its_told.fileno()]
            socket.send_fds(self._orders(), [json.dumps(asdict(limits)).encode()], files)
            for end in (its_parcel, its_told, photo):
                end.close()
            parcel.setblocking(False)
            told.setblocking(False)
            received = await _read(loop, parcel, MOST_PARCEL_BYTES)
            return received, json.loads(await _read(loop, told, 1_000))

    def _orders(self) -> socket.socket:
        """Give the way to the process that forks; starts it when there is none."""
        if self._server is not None and self._server[0].poll() is not None:
            log.warning("darkroom_gone", exit=self._server[0].returncode)
            self.close()
        if self._server is None:
            self._server = _start_server()
        return self._server[1]


async def _read(loop: asyncio.AbstractEventLoop, end: socket.socket, most: int) -> bytes:
    received = bytearray()
    while chunk := await loop.sock_recv(end, 262_144):
        received += chunk
        if len(received) > most:
            break  # nothing of ours is that long; closing our end ends the child
    return bytes(received)


def _start_server() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # None of the worker's environment: it has secrets, and a child may be in an attacker's hands.
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "MALLOC_ARENA_MAX": "1",
    }
    command = [sys.executable, "-m", "city_core.media.darkroom.server", str(theirs.fileno())]
    with theirs:
        process = subprocess.Popen(
            command,
            env=environment,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    ours.setblocking(False)
    return process, ours


def _too_costly() -> CityProblem:
    return CityProblem("PHOTO_TOO_COSTLY", field="photo", allowed="a photo as a camera writes it")


@cache
def _darkrooms() -> WeakKeyDictionary[asyncio.AbstractEventLoop, Darkroom]:
    return WeakKeyDictionary()


def darkroom() -> Darkroom:
    """Give the one darkroom of this process (of its event loop)."""
    rooms = _darkrooms()
    loop = asyncio.get_running_loop()
    if loop not in rooms:
        rooms[loop] = Darkroom()
    return rooms[loop]
