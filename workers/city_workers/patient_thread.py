"""A thread for work that nobody waits for: the machine does everything else first."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

_PATIENCE = 10  # niceness


def patient_thread(name: str) -> ThreadPoolExecutor:
    """Give one thread of low priority, where the machine can tell threads apart."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name, initializer=_step_back)


def _step_back() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _PATIENCE)
