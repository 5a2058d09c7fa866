"""Looks on at one case through the eyes of somebody in the centre, who sees the whole district."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from city_demo.board import Line
from city_demo.phones import NoAnswer, Refused, Seat

MOVE_LIMIT_S = 60.0
FINAL_STATES = frozenset({"CLOSED", "REJECTED", "CANCELLED", "MERGED", "VOID"})
Row = dict[str, Any]


class Stuck(Exception):
    """A case does not move any more; the message says what was waited for and what was seen last."""


class Watch:
    """Where one case stands, as the subscription tells it and as the answers to commands tell it."""

    def __init__(
        self, line: Line, looker: Seat, show: Callable[[Line], None], *, limit_s: float = MOVE_LIMIT_S
    ) -> None:
        self.line = line
        self._limit_s = limit_s
        self.version = 0
        self._looker = looker
        self._show = show
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._trouble: Exception | None = None
        self._kept_note = ""

    @property
    def case_id(self) -> str:
        return self.line.case_id

    @property
    def state(self) -> str:
        return self.line.state

    @property
    def has_ended(self) -> bool:
        return self.state in FINAL_STATES

    def begin(self, case: Row, reported_monotonic: float) -> None:
        """Start to look on at the case that was just reported."""
        self.line.case_id = case["id"]
        self.line.reported_monotonic = reported_monotonic
        self.learn(case)
        self._following = asyncio.create_task(self._follow())

    def learn(self, case: Mapping[str, Any]) -> None:
        """Take in what is known now, unless something later is known already."""
        if case["version"] < self.version:
            return
        self.version = case["version"]
        self.line.learn(case)
        # The answer to a command does not say who has the case now: the subscription, close behind, does.
        self._tell(shown="holderName" in case)

    def note(self, text: str, *, is_kept: bool = False) -> None:
        """Put a remark beside the case; one that is kept stands before all later ones."""
        self.line.note = f"{self._kept_note} · {text}" if self._kept_note and not is_kept else text
        if is_kept:
            self._kept_note = text
        self._tell()

    def pushed_at(self, received_monotonic: float) -> None:
        """Note when the first push was received: how long after the report."""
        if self.line.push_ms is None:
            self.line.push_ms = (received_monotonic - self.line.reported_monotonic) * 1000
            self._tell()

    async def moves_on(self, version: int) -> None:
        """Wait until the case has taken a further step."""
        await self._until(lambda: self.version > version, self._limit_s, "its next step")

    async def leaves(self, state: str, seconds: float) -> bool:
        """Wait whether the case leaves a state by itself."""
        with contextlib.suppress(Stuck):
            await self._until(lambda: self.state != state, seconds, f"leaving {state}")
        return self.state != state

    async def sees(self, holds: Callable[[Row], bool]) -> Row:
        """Wait until something can be seen of the case; gives the case."""
        while not holds(case := await self._look()):
            await self.moves_on(case["version"])
        return case

    async def task(self) -> tuple[str, int]:
        """Find out who is asked to do something, since which step; waits until there is somebody."""
        deadline = time.monotonic() + self._limit_s
        while time.monotonic() < deadline:
            case = await self._look()
            if case.get("task") and case["task"]["assigneeId"]:
                return case["task"]["assigneeId"], case["task"]["seq"]
            await self.moves_on(case["version"])
        raise Stuck(f"{self.sentence()}: nobody was given the task within {self._limit_s:.0f} s.")

    async def assignee(self) -> str:
        """Find out who has the task."""
        return (await self.task())[0]

    async def advice(self, seconds: float) -> Row | None:
        """Wait a while for what detection proposes."""
        deadline = time.monotonic() + seconds
        while True:
            case = await self._look()
            looked_at = {row["mediaId"] for row in case["detections"]}
            everything_seen = looked_at >= {photo["mediaId"] for photo in case["photos"]}
            left = deadline - time.monotonic()
            if case["advice"] is not None or everything_seen or left <= 0:
                advice: Row | None = case["advice"]
                return advice
            await self._passes(case["version"], left)

    async def steps_on_record(self) -> list[str]:
        """List the steps in the history of the case."""
        return [row["action"] for row in (await self._look())["history"]] if self.case_id else []

    async def requests_granted(self) -> int:
        """Count what was asked for and approved."""
        requests = (await self._looker.look("CaseRequests", self.case_id))["requests"]
        return sum(request["state"] == "APPROVED" for request in requests)

    async def close(self) -> None:
        """Look away."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    def sentence(self) -> str:
        """Name the case and where it was seen last."""
        where = f"{self.line.state} (version {self.version}, with {self.line.holder or 'nobody'})"
        return f"Case {self.line.name}, last seen {where}"

    async def _look(self) -> Row:
        case = await self._looker.case(self.case_id)
        if case is None:
            raise Stuck(f"{self.sentence()}: the centre cannot see it any more.")
        self.learn(case)
        return case

    async def _follow(self) -> None:
        try:
            await self._look()
            async for case in self._looker.follow(self.case_id):
                self.learn(case)
        except (Refused, NoAnswer, Stuck) as trouble:
            self._trouble = trouble

    async def _passes(self, version: int, seconds: float) -> None:
        with contextlib.suppress(Stuck):
            await self._until(lambda: self.version > version, seconds, "a further step")

    async def _until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            why = f"; following it ended: {self._trouble!r}" if self._trouble else ""
            raise Stuck(f"{self.sentence()}: waited {seconds:.0f} s for {what}{why}.") from None

    def _tell(self, *, shown: bool = True) -> None:
        if shown:
            self._show(self.line)
        self._changed.set()
        self._changed = asyncio.Event()
