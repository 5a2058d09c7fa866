"""Runs a worker process; what an operator can mend is said in one sentence, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from city_core.kit.starting import why_not_started


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a process until it is told to stop."""
    try:
        uvloop.run(main())
    except Exception as error:
        sentence = why_not_started(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(2)
