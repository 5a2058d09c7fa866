"""Ends what the launcher started when the launcher itself was ended by force.

The kernel ends the launcher's children with it, but not the children of those; the guard knows each family.
It reads `+PID` and `-PID` from its input, and the end of the input is the end of the launcher.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from city_demo.embedded.sessions import kill_family

SEED_ROOT = Path(__file__).resolve().parents[1]


class Guard:
    """The launcher's side: says which families to end after it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "city_demo.guard"],
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SEED_ROOT)},
            start_new_session=True,
            text=True,
        )

    def watch(self, pid: int) -> None:
        """From now on this process and its descendants end with the launcher."""
        self._tell(f"+{pid}")

    def forget(self, pid: int) -> None:
        """This process has ended and its number may belong to a stranger."""
        self._tell(f"-{pid}")

    def close(self) -> None:
        """Sends the guard home."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        # Without its guard the city still runs; only a killed launcher would leave something behind.
        with contextlib.suppress(BrokenPipeError, ValueError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()


def guard(lines: Iterable[str]) -> None:
    """Notes the families until the input ends, then ends those that are left."""
    families: set[int] = set()
    for line in lines:
        change, pid = line[0], int(line[1:])
        if change == "+":
            families.add(pid)
        else:
            families.discard(pid)
    for pid in families:
        kill_family(pid)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    guard(sys.stdin)
