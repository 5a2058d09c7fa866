"""Places where a process may die, named so that tests can let it die there; unless armed they do nothing.

Each stands between two writes, or between a write and what it leads to, where everything that follows must be
made good by somebody else. A point is armed only in a city for development, by the setting FAULT_POINTS.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping

from city_core.settings import Settings, WrongSetting

Act = Callable[[], Awaitable[None]]

POINTS: Mapping[str, str] = {
    "report.written": "a report is on record, nobody was woken for it",
    "step.written": "a step is on record, nobody was woken for what follows",
    "work.claimed": "a work item is claimed, nothing was done about it",
    "work.done": "a work item is done, and still on its list",
    "push.sent": "a hint reached the push service, which is not on record",
    "import.rows_read": "rows of a file are set against their registry, none is written",
    "import.batch_written": "rows of a file are in their registry, the import does not know",
    "tallies.half_folded": "cases say that they are counted, the tallies do not; not committed",
    "upload.part_kept": "bytes of an upload are kept, its offset is as before",
    "photo.bytes_kept": "the bytes of a photo are kept, it has no row",
    "command.carried_out": "a command was carried out, what became of it is not on record",
    "tokens.rotated": "the next refresh token is on record, the phone has not been answered",
    "feed.half_fed": "the feed has moved on, its entries are not written; not committed",
    "seal.half_sealed": "the chain of the audit log has moved on, its entries are not sealed; not committed",
    "seal.batch_sealed": "a batch of entries is sealed, the right to seal is still held",
    "duty.taken": "the turn of a duty is taken, nothing was done",
}


class Struck(Exception):
    """A fault point that was told to raise."""


async def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _stand_still() -> None:
    """Stop the whole process, as a machine that is out of memory does, until somebody lets it go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


async def _fail() -> None:
    raise Struck


ACTS: Mapping[str, Act] = {"kill": _die, "pause": _stand_still, "raise": _fail}
_armed: dict[str, Act] = {}


async def point(name: str) -> None:
    """Be where a process may die; costs a look at an empty table."""
    if _armed and (act := _armed.pop(name, None)) is not None:
        await act()


@contextlib.contextmanager
def armed(name: str, act: Act) -> Iterator[None]:
    """Let something happen when this process comes to a point the next time, once."""
    _arm(name, act)
    try:
        yield
    finally:
        _armed.pop(name, None)


def arm_points(settings: Settings) -> None:
    """Arm what FAULT_POINTS names, as `push.sent=kill,work.done=raise`; each point strikes once.

    Raises WrongSetting in production, and for a point or an act that does not exist.
    """
    if not settings.fault_points:
        return
    if settings.environment == "production":
        raise WrongSetting("FAULT_POINTS must not be set in production: it lets processes die.")
    for order in settings.fault_points.split(","):
        name, _, act = order.strip().partition("=")
        if name not in POINTS or act not in ACTS:
            known = f"points are {', '.join(POINTS)}; acts are {', '.join(ACTS)}"
            raise WrongSetting(f"The setting FAULT_POINTS is not right: {known}.")
        _arm(name, ACTS[act])


def _arm(name: str, act: Act) -> None:
    assert name in POINTS, f"{name} is no fault point"
    _armed[name] = act
