"""How a process that runs for months holds its memory."""

from __future__ import annotations

import ctypes
import gc

# Numbers of glibc's mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_MEBIBYTE = 2**20
# Each thread would have a pool of its own: what is freed in one serves no other, as if it leaked.
_WISHES = {_ARENA_MAX: 2, _MMAP_THRESHOLD: _MEBIBYTE, _TRIM_THRESHOLD: _MEBIBYTE}


def share_freed_memory() -> bool:
    """Have what is freed used again or handed back; to be called before threads begin.

    False where the C library is not glibc, which then does as it pleases.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return all(mallopt(wish, value) == 1 for wish, value in _WISHES.items())


def keep_what_stands() -> None:
    """Look for garbage only among what comes from now on; to be called once all is made that lasts.

    What lasts are 300,000 objects: to look through them takes a fifth of a second in which nobody is served,
    so that it is done too rarely, and what requests leave behind meanwhile breaks the memory up.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # how often to look is decided by how much was found alive the last time
