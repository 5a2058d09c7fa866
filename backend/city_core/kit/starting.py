"""How a process of the city starts and ends: what an operator can mend is one sentence and exit code 2."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from city_core.kit.memory import share_freed_memory
from city_core.kit.mongo import is_unreachable
from city_core.settings import WrongSetting

LONGEST_STOP_SECONDS = 19.0


def why_not_started(error: BaseException) -> str | None:
    """Say what the operator has to change; None for a failure that is nobody's setting."""
    if isinstance(error, WrongSetting):
        return str(error)
    if is_unreachable(error):
        return "MongoDB cannot be reached at MONGODB_URL; start it, or set the URL of the city's own."
    return None


def run_process(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a process until it is told to stop."""
    share_freed_memory()
    try:
        uvloop.run(main())
    except Exception as error:
        sentence = why_not_started(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(2)


def stop_in_time() -> None:
    """End the process the hard way when it has not ended by itself in time, whatever a thread still does.

    To be called by whoever was told to stop; what the process holds then comes back when its leases end.
    """
    last_resort = threading.Timer(LONGEST_STOP_SECONDS, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()
