"""What one process writes to a store is numbered, so that something taken out of it later is missed.

Nobody waits for a number: it is counted in the process. What else a process writes at that moment may come to
be or not, so each number tells which before it are not settled yet, and which never came to be.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from city_core.kit.ids import new_id

MOST_TOLD = 200


@dataclass(frozen=True)
class Numbered:
    """The next number of a writer; of those before it, `unsettled` may still come, `unwritten` never did."""

    writer: str
    number: int
    unsettled: tuple[int, ...]
    unwritten: tuple[int, ...]


class Numbering:
    """The numbers of one process: 1, 2, 3 … under an id of its own, which no other process ever has."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Be another writer from now on, as a process is that was forked off."""
        self._writer, self._process, self._last = new_id(), os.getpid(), 0
        self._unsettled: set[int] = set()
        self._unwritten: set[int] = set()
        self._tells: dict[int, tuple[int, ...]] = {}

    def next(self) -> Numbered:
        """Take a number; whoever takes it says to `settle` what became of it."""
        if os.getpid() != self._process:
            self.begin_anew()
        self._last += 1
        unwritten = tuple(sorted(self._unwritten)[:MOST_TOLD])
        taken = Numbered(self._writer, self._last, tuple(sorted(self._unsettled)), unwritten)
        self._unsettled.add(self._last)
        self._tells[self._last] = unwritten
        return taken

    def settle(self, taken: Numbered, *, is_written: bool) -> None:
        """Say whether what has a number is written; where nobody knows, it is not."""
        if taken.writer != self._writer or taken.number not in self._unsettled:
            return
        self._unsettled.discard(taken.number)
        told = self._tells.pop(taken.number)
        if is_written:
            self._unwritten.difference_update(told)  # said for good: it need not be said again
        else:
            self._unwritten.add(taken.number)


class Run:
    """What was found of one writer's numbers, in whatever order: how far it is whole, and what lacks."""

    def __init__(self) -> None:
        self._whole_to = 0
        self._last = 0
        self._ahead: set[int] = set()
        self._unsettled_at: dict[int, int] = {}
        self.after_gap: object = None  # what was found first beyond the first gap

    def see(
        self, number: int, unsettled: Iterable[int] = (), unwritten: Iterable[int] = (), what: object = None
    ) -> None:
        """Note a number that was found, and what it tells of those before it."""
        self._last = max(self._last, number)
        if number == self._whole_to + 1 and not self._ahead and not self._unsettled_at:
            self._whole_to = number
            return
        for one in unsettled:
            if one > self._whole_to and one not in self._ahead:
                self._unsettled_at[one] = max(self._unsettled_at.get(one, 0), number)
        self._ahead.update(one for one in (number, *unwritten) if one > self._whole_to)
        while self._whole_to + 1 in self._ahead:
            self._whole_to += 1
            self._ahead.discard(self._whole_to)
            self._unsettled_at.pop(self._whole_to, None)
        if not self._ahead:
            self.after_gap = None
        elif self.after_gap is None:
            self.after_gap = what

    def lacking(self) -> int | None:
        """Name the first number that was written and is not there any more."""
        for number in range(self._whole_to + 1, self._last):
            if number not in self._ahead and self._unsettled_at.get(number, number) < self._last:
                return number
        return None
