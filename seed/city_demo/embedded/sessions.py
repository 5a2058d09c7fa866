"""The processes that belong together: whatever descends from one started program."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

KILL_LIMIT_S = 5.0


@dataclass(frozen=True)
class Member:
    """A living process; its start tick tells it from a later one with the same number."""

    pid: int
    started: int


@dataclass(frozen=True)
class _Entry:
    member: Member
    parent: int
    session: int


def family(leader: int) -> set[Member]:
    """Finds the living processes of the leader's session, and what they started in sessions of their own."""
    entries = list(_living())
    found = {entry.member.pid: entry.member for entry in entries if entry.session == leader}
    while more := [e for e in entries if e.parent in found and e.member.pid not in found]:
        found.update((entry.member.pid, entry.member) for entry in more)
    return set(found.values())


def kill_family(leader: int, known: Iterable[Member] = ()) -> None:
    """Ends at once what descends from the leader, and those known from an earlier look that still live."""
    deadline = time.monotonic() + KILL_LIMIT_S
    known = set(known)
    while members := family(leader) | (known & {entry.member for entry in _living()}):
        for member in members:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member.pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            return
        known |= members
        time.sleep(0.005)


def _living() -> Iterator[_Entry]:
    """Every process of the machine that is not a mere exit code waiting to be read."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The second field is the program's name in brackets and may hold spaces.
            state, parent, _, session, *rest = entry.read_text().rpartition(")")[2].split()
            if state not in "ZX":
                yield _Entry(Member(int(entry.parent.name), int(rest[15])), int(parent), int(session))
