"""Lets one try of a piece of work be watched: its log lines, its figures, its span."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from city_core.kit.city import City
from city_core.kit.doing import Doing, doing, words_of_work
from city_core.kit.metrics import WORK, WORK_OUTCOMES
from city_core.kit.traces import span

log = structlog.get_logger()
SETTLED = frozenset({"done", "given_up"})


class Tried(Protocol):
    """The claim of a piece of work, as far as it is told."""

    @property
    def collection(self) -> str: ...
    @property
    def owner_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def track(self) -> Mapping[str, str]: ...


@dataclass
class Outcome:
    """What came of a try: done, given_up, overtaken, refused, put_off or failed."""

    outcome: str = "broken_off"


@contextlib.asynccontextmanager
async def watched_try(city: City, held: Tried) -> AsyncIterator[Outcome]:
    """Go on under the request that asked for this work, and tell in the end what came of it."""
    words = words_of_work(held.kind, held.collection, held.owner_id, held.key, held.attempts)
    what = Doing(held.track.get("request_id"), city.clock.now(), words)
    told = {"work.kind": held.kind, "work.id": words["work_id"], "work.attempt": held.attempts}
    tried = Outcome()
    began = time.perf_counter()
    parent = held.track.get("traceparent")
    with doing(what), span(f"work {held.kind}", kind="CONSUMER", parent=parent, words=told) as one:
        yield tried
        seconds = time.perf_counter() - began
        if one is not None:
            one.set_attribute("work.outcome", tried.outcome)
        log.info("work_tried", outcome=tried.outcome, duration_ms=round(seconds * 1_000, 1))
    WORK.labels(held.kind).observe(seconds)
    WORK_OUTCOMES.labels(held.kind, tried.outcome).inc()
