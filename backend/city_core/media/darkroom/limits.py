"""What a child may use while it decodes one photo; the kernel holds it to that."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

from city_core.media.darkroom.deeds import forbid_deeds

OUT_OF_MEMORY = 3  # exit code of a child
_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38  # of prctl(2)
_OWN_BYTES = 130_000_000  # address space of the interpreter and the decoders themselves
_KERNEL = ctypes.CDLL(None, use_errno=True)  # found before the limits: afterwards nothing can be opened


@dataclass(frozen=True)
class Limits:
    """Memory in bytes of address space, processor time and time on the wall in seconds."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float


def confine(limits: Limits, parent_pid: int) -> None:
    """Leave this process nothing but its memory, its time and the files that it holds open.

    It opens no file and no connection, writes to no file, starts no process, signals none, and dies with its
    parent.
    """
    _KERNEL.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    _KERNEL.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(1)
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))
    forbid_deeds(_KERNEL)


def check_room(needed_bytes: int) -> None:
    """Raise MemoryError where so much more memory would not be given to this process."""
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY and needed_bytes > most - _OWN_BYTES:
        raise MemoryError
