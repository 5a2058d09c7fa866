"""What being watched costs, in microseconds: `python -m tests.bench.watching`."""

from __future__ import annotations

import contextlib
import io
import timeit

from city_api.watching.requests import RequestWatch, count_operation
from city_core.kit.clock import SystemClock
from city_core.kit.doing import Doing, doing, track_of
from city_core.kit.logs import set_up_logs
from city_core.kit.traces import span

_TIMES = 20_000


def _microseconds(do: object) -> float:
    return min(timeit.repeat(do, number=_TIMES, repeat=3)) / _TIMES * 1e6  # type: ignore[arg-type]


def main() -> None:
    """Print what a span that is off, a work row's track, and telling about a request cost."""
    now = SystemClock().now()
    what = Doing("0" * 32, now, {"operation": "Me", "post": "OFFICER"}, operation="Me")
    watch = RequestWatch(frozenset({"/graphql"}), 1.0)

    def off() -> None:
        with span("nothing"):
            pass

    def told() -> None:
        with doing(what):
            watch.told(what, "/graphql", 200, 0.01, None)

    def tracked() -> None:
        with doing(what):
            track_of(now)

    figures = {"span that is off": _microseconds(off), "track of a work row": _microseconds(tracked)}
    figures["figures of a request"] = _microseconds(lambda: count_operation("Me", what, 0.01))
    with contextlib.redirect_stdout(io.StringIO()):
        set_up_logs("INFO")
        figures["line and figures of a request"] = _microseconds(told)
    for name, value in figures.items():
        print(f"{name:45} {value:8.2f} us")


if __name__ == "__main__":
    main()
