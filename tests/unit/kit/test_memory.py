"""What a process frees is used again: many threads do not each keep a pool of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

_THREADS_THAT_FREE = """
import sys, threading
from city_core.kit.memory import share_freed_memory

if sys.argv[1] == "shared" and not share_freed_memory():
    sys.exit(3)

def take_and_free(turn):
    lots = [bytes(2_000) for _ in range(10_000)]
    kept.append(bytes(2_000))  # what lies above keeps the pool of this thread from being handed back
    del lots
    over.wait()

kept, over = [], threading.Barrier(17)
for turn in range(16):
    threading.Thread(target=take_and_free, args=(turn,), daemon=True).start()
    while len(kept) <= turn:
        pass
with open("/proc/self/statm") as pages:
    print(int(pages.read().split()[1]) * 4096)
over.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a matter of glibc")
def test_what_one_thread_freed_serves_the_others() -> None:
    sizes = {}
    for how in ("shared", "apart"):
        asked = [sys.executable, "-c", _THREADS_THAT_FREE, how]
        ended = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
        if ended.returncode == 3:
            pytest.skip("this C library is not glibc")
        assert ended.returncode == 0, ended.stderr
        sizes[how] = int(ended.stdout)
    assert sizes["shared"] < sizes["apart"] / 2, sizes
