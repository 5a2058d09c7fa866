"""Collects photos that wait into batches for the model: those of phones first, suspects one at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from city_workers.detection.engines.finds import Box
from city_workers.detection.engines.pictures import Prepared, UnreadablePicture

log = structlog.get_logger()
MOST_IN_A_BATCH = 8
LONGEST_RUN_SECONDS = 25.0  # less than a lease: a model that hangs ends its process while its claims hold


class TurnLost(Exception):
    """A photo that waited to be looked at alone is in other hands by now."""


class Looking(Protocol):
    """What is asked of a model: prepare one photo, look at many."""

    def prepared(self, jpeg_bytes: bytes) -> Prepared: ...
    def look_at_all(self, pictures: Sequence[Prepared]) -> list[list[Box]]: ...


Outcome = list[Box] | Exception


@dataclass(eq=False)
class _Waiting:
    data: bytes
    take_turn: Callable[[], Awaitable[bool]] | None
    answer: asyncio.Future[list[Box]] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Batches:
    """Runs one model for everybody who asks, off the event loop; `on_hang` ends a process that hangs."""

    def __init__(
        self,
        model: Looking,
        *,
        most: int = MOST_IN_A_BATCH,
        longest_run_seconds: float = LONGEST_RUN_SECONDS,
        on_hang: Callable[[], None],
    ) -> None:
        self._model = model
        self._most = most
        self._longest_run_seconds = longest_run_seconds
        self._on_hang = on_hang
        self._of_phones: deque[_Waiting] = deque()
        self._of_machines: deque[_Waiting] = deque()
        self._suspects: deque[_Waiting] = deque()
        self._was_suspect = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="detector")
        self._running: asyncio.Task[None] | None = None

    async def look(self, data: bytes, *, is_of_machine: bool = False) -> list[Box]:
        """Report what a photo shows, together with others that wait; raises UnreadablePicture."""
        queue = self._of_machines if is_of_machine else self._of_phones
        return await self._ask(queue, _Waiting(data, None))

    async def look_alone(self, data: bytes, take_turn: Callable[[], Awaitable[bool]]) -> list[Box]:
        """Report what a suspect photo shows; `take_turn` is asked right before, and may say no (TurnLost)."""
        return await self._ask(self._suspects, _Waiting(data, take_turn))

    async def _ask(self, queue: deque[_Waiting], waiting: _Waiting) -> list[Box]:
        queue.append(waiting)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        try:
            return await waiting.answer
        finally:
            with contextlib.suppress(ValueError):
                queue.remove(waiting)

    async def _run(self) -> None:
        while batch := self._next():
            try:
                if not await _may_begin(batch):
                    continue
                outcomes = await self._off_the_loop([waiting.data for waiting in batch])
            except Exception as error:
                outcomes = [error] * len(batch)
            for waiting, outcome in zip(batch, outcomes, strict=True):
                _answer(waiting, outcome)

    def _next(self) -> list[_Waiting]:
        """Take the next batch: phones before machines; suspects, alone, every other time."""
        is_crowded = bool(self._of_phones or self._of_machines)
        if self._suspects and not (is_crowded and self._was_suspect):
            self._was_suspect = True
            return [self._suspects.popleft()]
        self._was_suspect = False
        batch: list[_Waiting] = []
        for queue in (self._of_phones, self._of_machines):
            while queue and len(batch) < self._most:
                batch.append(queue.popleft())
        return batch

    async def _off_the_loop(self, photos: Sequence[bytes]) -> list[Outcome]:
        running = asyncio.get_running_loop().run_in_executor(self._thread, self._look_at_each, photos)
        done, _ = await asyncio.wait([running], timeout=self._longest_run_seconds)
        if not done:
            log.error("model_hangs", photos=len(photos), seconds=self._longest_run_seconds)
            self._on_hang()
        return await running

    def _look_at_each(self, photos: Sequence[bytes]) -> list[Outcome]:
        outcomes: list[Outcome] = [self._prepared(data) for data in photos]  # type: ignore[misc]
        ready = [place for place, one in enumerate(outcomes) if isinstance(one, Prepared)]
        for place, found in zip(ready, self._found([outcomes[place] for place in ready]), strict=True):  # type: ignore[misc]
            outcomes[place] = found
        return outcomes

    def _prepared(self, data: bytes) -> Prepared | Exception:
        try:
            return self._model.prepared(data)
        except UnreadablePicture as problem:
            return problem

    def _found(self, pictures: Sequence[Prepared]) -> list[Outcome]:
        """Look at all at once; where that fails, at each alone, so that one photo spoils no other's look."""
        try:
            return list(self._model.look_at_all(pictures)) if pictures else []
        except Exception as problem:
            if len(pictures) == 1:
                return [problem]
            return [outcome for picture in pictures for outcome in self._found([picture])]


async def _may_begin(batch: Sequence[_Waiting]) -> bool:
    [first, *_] = batch
    if first.take_turn is None or await first.take_turn():
        return True
    _answer(first, TurnLost())
    return False


def _answer(waiting: _Waiting, outcome: Outcome) -> None:
    if waiting.answer.done():
        return
    if isinstance(outcome, Exception):
        waiting.answer.set_exception(outcome)
    else:
        waiting.answer.set_result(outcome)
