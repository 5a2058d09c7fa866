"""What a process frees is used again, and garbage is found soon, however much lasts."""

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

_GARBAGE_BESIDE_WHAT_LASTS = """
import gc, sys, weakref
from city_core.kit.memory import keep_what_stands

class Left:
    def __init__(self):
        self.itself = self

lasting = [[] for _ in range(400_000)]
gc.collect()  # as a process does that has been starting for a while
if sys.argv[1] == "kept":
    keep_what_stands()
left = Left()
gc.collect(1)  # it lived long enough to be looked at rarely
seen, kept = weakref.ref(left), []
del left
for made in range(95_000):
    kept.append([])
    if seen() is None:
        break
print(made)
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


def test_garbage_is_found_soon_beside_much_that_lasts() -> None:
    rounds = {}
    for how in ("kept", "left"):
        asked = [sys.executable, "-c", _GARBAGE_BESIDE_WHAT_LASTS, how]
        ended = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
        rounds[how] = int(ended.stdout)
    assert rounds["kept"] < rounds["left"] == 94_999, rounds
