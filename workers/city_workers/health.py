"""Tells whether the worker of this container is alive: `python -m city_workers.health`.

A worker that still sweeps touches a file; one that hangs or died does not.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

_HEARTBEAT = Path(tempfile.gettempdir()) / "yiwang-worker-heartbeat"
_LONGEST_SILENCE_SECONDS = 60.0


def beat() -> None:
    """Show that this worker is alive."""
    _HEARTBEAT.touch()


def is_alive() -> bool:
    """Tell whether a worker showed itself within the last minute."""
    try:
        return time.time() - _HEARTBEAT.stat().st_mtime < _LONGEST_SILENCE_SECONDS
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(not is_alive())
