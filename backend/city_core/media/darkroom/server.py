"""The process that forks a child for each photo: `python -m city_core.media.darkroom.server <socket>`.

It has the decoders loaded, so that a child is there in a millisecond, but never reads a byte of a photo. It
has no secrets, no connections and one thread. Over its socket come the limits of a photo as JSON with three
open files: the photo, where the child writes its parcel, and where this process says how the child ended. A
child ends when its time is over or nobody waits for it any more; all end with the worker.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass

from city_core.kit.problems import CityProblem
from city_core.media.darkroom.develop import develop
from city_core.media.darkroom.limits import OUT_OF_MEMORY, Limits, confine
from city_core.media.darkroom.parcel import pack_copies, pack_refusal
from city_core.media.darkroom.warm import warm_up

_LONGEST_REQUEST = 1_000
_LONGEST_WAIT_SECONDS = 60.0


@dataclass
class _Child:
    pid: int
    dies_at: float
    told: socket.socket
    late: bool = False


class _Server:
    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(orders, selectors.EVENT_READ)
        woken, waking = socket.socketpair()
        for end in (woken, waking):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        self._woken, self._waking = woken, waking
        self._selector.register(woken, selectors.EVENT_READ)

    def serve(self) -> None:
        """Fork children until the worker is gone."""
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fileobj is self._orders:
                    if not self._take_order():
                        return
                elif key.fileobj is self._woken:
                    with contextlib.suppress(BlockingIOError):
                        self._woken.recv(4_096)
                elif isinstance(key.data, _Child):  # it says nothing: it is gone, nobody waits any more
                    self._end(key.data)
            self._reap()
            for child in self._children.values():
                if time.monotonic() >= child.dies_at:
                    child.late = True
                    self._end(child)

    def _patience(self) -> float:
        ends = (child.dies_at for child in self._children.values() if not child.late)
        return max(0.0, min(ends, default=time.monotonic() + _LONGEST_WAIT_SECONDS) - time.monotonic())

    def _take_order(self) -> bool:
        order, files, _, _ = socket.recv_fds(self._orders, _LONGEST_REQUEST, 3)
        if not order:
            return False
        limits = Limits(**json.loads(order))
        photo, parcel, told = files
        pid = os.fork()
        if pid == 0:
            _be_a_child(limits, photo, parcel, os.getppid())
        os.close(photo)
        os.close(parcel)
        child = _Child(pid, time.monotonic() + limits.wall_seconds, socket.socket(fileno=told))
        self._children[pid] = child
        self._selector.register(child.told, selectors.EVENT_READ, child)
        return True

    def _end(self, child: _Child) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        with contextlib.suppress(KeyError):
            self._selector.unregister(child.told)

    def _reap(self) -> None:
        while self._children:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            child = self._children.pop(pid)
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.told)
            end = {
                "exit": os.waitstatus_to_exitcode(status),
                "late": child.late,
                "peak_bytes": used.ru_maxrss * 1024,
                "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
            }
            with contextlib.suppress(OSError):
                child.told.send(json.dumps(end).encode())
            child.told.close()


def _be_a_child(limits: Limits, photo: int, parcel: int, parent_pid: int) -> None:
    """Decode one photo and end, whatever happens."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        os.dup2(1, 2)  # decoders say on stderr what they read: it goes where stdout goes, to nowhere
        os.dup2(photo, 0)
        os.dup2(parcel, 3)
        os.closerange(4, 65_536)
        confine(limits, parent_pid)
        data = os.pread(0, os.fstat(0).st_size, 0)
        os.close(0)
        _hand_out(_parcel_of(data))
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        os._exit(code)


def _parcel_of(data: bytes) -> bytes:
    try:
        return pack_copies(develop(data))
    except CityProblem as problem:
        return pack_refusal(problem)


def _hand_out(parcel: bytes) -> None:
    left = memoryview(parcel)
    while left:
        left = left[os.write(3, left) :]


def main() -> None:
    """Serve one worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders = socket.socket(fileno=int(sys.argv[1]))
    warm_up()
    gc.collect()
    gc.freeze()
    _Server(orders).serve()


if __name__ == "__main__":
    main()
