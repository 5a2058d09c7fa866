"""What somebody who took a decoder over could do from within: next to nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIES = """
import ctypes, json, os, resource, signal, socket, sys
from city_core.media.darkroom.limits import Limits, check_room, confine
kernel, victim, name = ctypes.CDLL(None, use_errno=True), int(sys.argv[1]), sys.argv[2]
def forked():
    if os.fork() == 0:
        os._exit(0)
def read_memory():
    class Part(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))
    there = ctypes.create_string_buffer(8)
    part = Part(ctypes.addressof(there), 8)
    done = kernel.process_vm_readv(victim, ctypes.byref(part), 1, ctypes.byref(part), 1, 0)
    if done < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
def traced():
    if kernel.ptrace(16, victim, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
deeds = {
    "fork": forked,
    "kill": lambda: os.kill(victim, 0),
    "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "unlink": lambda: os.unlink(name),
    "rename": lambda: os.rename(name, name + "x"),
    "truncate": lambda: os.truncate(name, 0),
    "chmod": lambda: os.chmod(name, 0o777),
    "mkdir": lambda: os.mkdir(name + "d"),
    "socket": lambda: socket.socket(),
    "open": lambda: os.open(name, os.O_RDONLY),
    "memfd": lambda: os.memfd_create("x"),
    "trace": traced,
    "limits": lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),
    "memory": read_memory,
}
confine(Limits(512 * 1024 * 1024, 5, 8.0), os.getppid())
told = {}
for deed, do in deeds.items():
    try:
        do()
        told[deed] = 0
    except OSError as error:
        told[deed] = error.errno
    except ValueError:
        told[deed] = 1
check_room(1_000_000)
os.write(1, json.dumps(told).encode())
os._exit(0)
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of the others are from the tables")
def test_a_child_starts_signals_reads_and_takes_away_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("here")
    command = [sys.executable, "-c", TRIES, str(os.getpid()), str(kept)]
    # RLIMIT_FSIZE lets a pipe be written to
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60)
    told = json.loads(done.stdout)
    assert {deed: code for deed, code in told.items() if code == 0} == {}
    assert kept.read_text() == "here"
