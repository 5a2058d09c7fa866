"""Children that do a deed and come to a fault point: they die there, or stand still until they are let go."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

from city_demo.embedded import EmbeddedMongod
from tests.conftest import TOKEN_KEY
from tests.faults.deeds import Given, do_in_child
from tests.waiting import until

CHILD_LIMIT_S = 60.0
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["tests.faults.deeds"])


def begun(deed: str, given: Given, mongod: EmbeddedMongod, orders: str) -> BaseProcess:
    """Begin a deed in a process of its own whose fault points are armed."""
    settings = {
        "mongodb_url": mongod.url, "mongodb_database": "test_city", "redis_url": "redis://127.0.0.1:1/0",
        "token_private_key": TOKEN_KEY, "environment": "development", "fault_points": orders,
    }  # fmt: skip
    child = _children.Process(target=do_in_child, args=(deed, given, settings))
    child.start()
    return child


async def ended(child: BaseProcess) -> int | None:
    """Wait for the end of a child; answers how it ended."""
    await asyncio.to_thread(child.join, CHILD_LIMIT_S)
    return child.exitcode


async def paused(child: BaseProcess) -> None:
    """Wait until a child stands still at its point."""

    def stands_still() -> bool:
        assert child.is_alive(), "it came to its end without coming to the point"
        return Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    await until(stands_still, "a child that stands still")


def let_go(child: BaseProcess) -> None:
    """Let a paused child go on as if no time had passed."""
    assert child.pid is not None
    os.kill(child.pid, signal.SIGCONT)
