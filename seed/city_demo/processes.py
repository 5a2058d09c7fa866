"""The processes of a city on one machine: started in order, again after a crash, all stopped at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from city_demo.embedded.problems import CannotStart
from city_demo.embedded.tied import start_tied
from city_demo.embedded.tied_service import TiedService
from city_demo.guard import Guard

LOOK_EVERY_S = 0.2
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 30.0

Say = Callable[[str], None]


class Service(Protocol):
    """Something that runs as a process of its own: one of ours, or an embedded server."""

    name: str
    log: Path

    @property
    def pid(self) -> int | None: ...
    @property
    def is_running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Child(TiedService):
    """One process of the city, with its own log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment

    def start(self) -> None:
        """Starts the process; what a crashed one left behind is ended first."""
        if self.is_running:
            return
        self.kill()
        self._process = start_tied(self._command, log=self.log, environment=self._environment)


@dataclass
class _Kept:
    """A service under watch and how it fared."""

    service: Service
    pid: int | None
    started: float
    crashes: int = 0
    due: float | None = None

    def note_crash(self, now: float) -> float:
        """Decides when the next start is due; a service that had been steady begins anew."""
        if now - self.started > STEADY_AFTER_S:
            self.crashes = 0
        pause: float = min(FIRST_PAUSE_S * 2.0**self.crashes, LONGEST_PAUSE_S)
        self.crashes += 1
        self.due = now + pause
        return pause


class Supervisor:
    """Keeps the services of a city running until it is told to stop, and leaves none behind."""

    def __init__(self, *, say: Say = print) -> None:
        self._say = say
        self._kept: list[_Kept] = []
        self._ending = threading.Event()
        self._watcher: threading.Thread | None = None
        self._guard = Guard()

    def start(self, service: Service) -> None:
        """Starts a service; from now on it ends with the city at the latest."""
        kept = _Kept(service, None, time.monotonic())
        self._kept.append(kept)
        self._start(kept)

    def watch(self) -> None:
        """From now on a service that crashes is started again, later each time."""
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Stops every service: those started last first, embedded servers when nobody needs them any more."""
        self._ending.set()
        if self._watcher is not None:
            self._watcher.join(timeout=LOOK_EVERY_S * 10)
        services = [kept.service for kept in reversed(self._kept)]
        for tier in (
            [service for service in services if isinstance(service, Child)],
            [service for service in services if not isinstance(service, Child)],
        ):
            if tier:
                with ThreadPoolExecutor(len(tier)) as pool:
                    list(pool.map(lambda service: service.stop(), tier))
        self._guard.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, kept: _Kept) -> None:
        kept.due = None
        kept.started = time.monotonic()
        kept.service.start()
        if kept.pid is not None:
            self._guard.forget(kept.pid)
        kept.pid = kept.service.pid
        if kept.pid is not None:
            self._guard.watch(kept.pid)

    def _watch(self) -> None:
        while not self._ending.wait(LOOK_EVERY_S):
            for kept in self._kept:
                if not kept.service.is_running:
                    self._revive(kept)

    def _revive(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.due is None:
            pause = kept.note_crash(now)
            self._say(
                f"{kept.service.name} ended by itself; starting again in {pause:.1f} s ({kept.service.log})"
            )
        elif now >= kept.due and not self._ending.is_set():
            try:
                self._start(kept)
            except CannotStart as problem:
                self._say(str(problem))
