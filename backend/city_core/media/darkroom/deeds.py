"""What a child may not ask of the kernel: limits alone leave it processes, signals and names of files.

Whoever takes a decoder over has the rights of the worker's user: without this it could start processes that
outlive it, end the worker, read its memory, or take files away, all without opening one.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import pack

# seccomp(2), filter mode. Numbers of system calls: x86-64 and arm64, from the kernel's tables.
_SET_SECCOMP, _FILTER = 22, 2
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_OTHER_NUMBERS = 0x40000000  # x32 names the same calls by numbers of its own
_FORBIDDEN: dict[str, Sequence[int]] = {
    "x86_64": (
        56, 57, 58, 435, 59, 322,  # clone, fork, vfork, clone3, execve, execveat
        62, 200, 234, 129, 297, 424, 434, 438,  # kill, tkill, tgkill, sigqueueinfo, pidfds
        101, 310, 311, 298, 321, 323, 425,  # ptrace, process_vm, perf, bpf, userfaultfd, io_uring
        41, 42, 43, 44, 46, 49, 53, 288, 307,  # sockets
        2, 85, 257, 437, 319, 29, 30,  # opening, memfd_create, shared memory
        76, 82, 83, 84, 86, 87, 88, 90, 92, 94, 132, 133, 235,  # names of files
        258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316, 452,  # the same, relative to a folder
        141, 160, 165, 166, 203, 248, 249, 250, 272, 308,  # priorities, limits, mounts, keys, namespaces
    ),
    "aarch64": (
        220, 435, 221, 281, 129, 130, 131, 138, 240, 424, 434, 438, 117, 270, 271, 241, 280, 282, 425,
        198, 199, 200, 202, 203, 206, 211, 242, 269, 56, 437, 279, 194, 196,
        33, 34, 35, 36, 37, 38, 45, 53, 54, 88, 276, 452, 39, 40, 97, 122, 140, 164, 217, 218, 219, 268,
    ),
}  # fmt: skip
_LIMITS_OF = {"x86_64": 302, "aarch64": 261}  # prlimit64: limits may be read, not set
_NUMBER_AT, _MACHINE_AT, _THIRD_ARGUMENT_AT = 0, 4, 32
_LOAD, _EQUAL, _AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM


@dataclass(frozen=True)
class _Step:
    code: int
    value: int
    holds: int | None = None
    fails: int | None = None


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid_deeds(kernel: ctypes.CDLL) -> bool:
    """Have the kernel refuse this process all but to compute and to use what it holds open, for good.

    False where the kernel or the machine knows no such thing; the limits hold all the same.
    """
    machine = os.uname().machine
    if machine not in _MACHINES:
        return False
    written = _filter_of(machine)
    program = _Program(len(written) // 8, written)
    return bool(kernel.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter_of(machine: str) -> bytes:
    """Write the filter: each step tests one value and goes on to the next step, to ALLOW or to REFUSE."""
    steps = [
        _Step(_LOAD, _MACHINE_AT),
        _Step(_EQUAL, _MACHINES[machine], fails=_REFUSE),
        _Step(_LOAD, _NUMBER_AT),
        _Step(_AT_LEAST, _OTHER_NUMBERS, holds=_REFUSE),
        *(_Step(_EQUAL, number, holds=_REFUSE) for number in _FORBIDDEN[machine]),
        _Step(_EQUAL, _LIMITS_OF[machine], fails=_ALLOW),
        _Step(_LOAD, _THIRD_ARGUMENT_AT),
        _Step(_EQUAL, 0, fails=_REFUSE),
        _Step(_LOAD, _THIRD_ARGUMENT_AT + 4),
        _Step(_EQUAL, 0, fails=_REFUSE),
        _Step(_ANSWER, _ALLOW),
        _Step(_ANSWER, _REFUSE),
    ]
    ends = {_ALLOW: len(steps) - 2, _REFUSE: len(steps) - 1}
    return b"".join(
        pack("=HBBI", step.code, *(_jump(ends, at, to) for to in (step.holds, step.fails)), step.value)
        for at, step in enumerate(steps)
    )


def _jump(ends: Mapping[int, int], at: int, to: int | None) -> int:
    return 0 if to is None else ends[to] - at - 1
