"""Child processes that never outlive the process that started them."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from city_demo.embedded.sessions import Member, family, kill_family

TIE = Path(__file__).with_name("tie.py")

Process = subprocess.Popen[bytes]

_orders: queue.SimpleQueue[tuple[Callable[[], Process], Future[Process]]] = queue.SimpleQueue()
_spawner_started = threading.Lock()
_alive: set[Process] = set()


def start_tied(
    command: Sequence[str | Path], *, log: Path | None, environment: Mapping[str, str] | None = None
) -> Process:
    """Starts a program, in a session of its own, that ends at the latest when this process ends.

    What it writes goes to the log, or to the terminal when there is no log.
    """
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
    started: Future[Process] = Future()
    _ensure_spawner()
    _orders.put((lambda: _popen(command, log, environment), started))
    return started.result()


def end_tied(process: Process, *, grace_s: float) -> None:
    """Asks the program to end, and ends by force what is left of it and its children after the grace time."""
    started_by_it = family(process.pid)
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_s)
    kill_tied(process, known=started_by_it)


def kill_tied(process: Process, *, known: Iterable[Member] = ()) -> None:
    """Ends the program and all it started at once, as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # all there is to do on a system without /proc
    kill_family(process.pid, known)
    process.wait()
    _alive.discard(process)


def wait_until(condition: Callable[[], bool], *, seconds: float, every_s: float = 0.02) -> bool:
    """Waits until the condition holds; false when it did not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def _popen(command: Sequence[str | Path], log: Path | None, environment: Mapping[str, str] | None) -> Process:
    with contextlib.ExitStack() as files:
        output = files.enter_context(log.open("ab")) if log is not None else None
        return subprocess.Popen(
            # -I and -S: the few lines of tie.py need neither site-packages nor the caller's settings.
            [sys.executable, "-I", "-S", TIE, str(os.getpid()), *(str(part) for part in command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
        )


def _ensure_spawner() -> None:
    # The kernel ties a child to the *thread* that forked it, so one thread that lives as long as
    # the process forks them all: a server started from a short-lived thread must not die with it.
    if _spawner_started.acquire(blocking=False):
        threading.Thread(target=_spawn_for_ever, name="tied-processes", daemon=True).start()


def _spawn_for_ever() -> None:
    while True:
        spawn, started = _orders.get()
        try:
            process = spawn()
        except OSError as error:
            started.set_exception(error)
        else:
            # Noted here and not by the caller, whom a Ctrl-C may keep from ever seeing the process.
            _alive.add(process)
            started.set_result(process)


@atexit.register
def _end_all() -> None:
    for process in list(_alive):
        end_tied(process, grace_s=5)
