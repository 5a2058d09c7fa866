"""The board that shows the morning: a live table on a terminal, one line per change elsewhere."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

_STATES = {
    "REPORTED": ("已上报", "reported", "white"),
    "PENDING_VERIFICATION": ("待核实", "to verify", "yellow"),
    "PENDING_FILING": ("待立案", "to file", "yellow"),
    "FILED": ("已立案", "filed", "cyan"),
    "DISPATCHED": ("已派遣", "dispatched", "cyan"),
    "IN_PROGRESS": ("处置中", "being handled", "blue"),
    "HANDLED": ("已处置", "handled", "blue"),
    "PENDING_CHECK": ("待核查", "to check", "magenta"),
    "REWORK": ("返工", "rework", "red"),
    "PENDING_CLOSING": ("待结案", "to close", "magenta"),
    "CLOSED": ("已结案", "closed", "green"),
    "REJECTED": ("不予立案", "not filed", "bright_black"),
    "CANCELLED": ("已撤销", "withdrawn", "bright_black"),
    "PENDING_SPOT_REVIEW": ("待自处置审核", "review", "yellow"),
    "PENDING_DECISION": ("待裁定", "to decide", "red"),
    "SUSPENDED": ("挂账", "suspended", "bright_black"),
    "AWAITING_CHILDREN": ("待子案办结", "in parts", "blue"),
    "MERGED": ("已合并", "merged", "green"),
    "VOID": ("已作废", "void", "bright_black"),
}
_TIMELESS = frozenset(
    {"CLOSED", "REJECTED", "CANCELLED", "MERGED", "VOID", "SUSPENDED", "HANDLED", "PENDING_CHECK",
     "PENDING_CLOSING"}
)  # fmt: skip
_REFRESHES_A_SECOND = 8
# Columns with a width are as wide as their longest words; the others share the rest.
_COLUMNS: tuple[tuple[str, int | None], ...] = (
    ("案件 Case", None), ("类别 Type", None), ("状态 State", 20), ("经办 With", 16),
    ("剩余 Left", 10), ("推送 Push", 9), ("备注 Note", None),
)  # fmt: skip
_SERIAL_DIGITS = 5


@dataclass
class Line:
    """One case on the board."""

    turn: int
    place: str
    type_name: str = ""
    case_id: str = ""
    number: str = ""
    state: str = ""
    holder: str = ""
    deadline: datetime | None = None
    push_ms: float | None = None
    note: str = ""
    reported_monotonic: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.turn} {self.number or self.place}"

    def learn(self, case: Mapping[str, Any]) -> None:
        """Take over what an answer of the city says; what it does not say stays."""
        self.state = case["state"]
        self.number = case.get("number") or self.number
        if case.get("type"):
            self.type_name = f"{case['type']['nameZh']} {case['type']['nameEn']}"
        if "holderName" in case:
            self.holder = case["holderName"] or ""
        if case.get("deadlineAt"):
            self.deadline = datetime.fromisoformat(case["deadlineAt"])


def state_words(state: str) -> str:
    """Name a state in both languages."""
    zh, en, _ = _STATES.get(state, (state, "", ""))
    return f"{zh} {en}".strip()


def time_left(line: Line, now: datetime) -> str:
    """Say how much time a case has until its deadline; nothing when it needs none any more."""
    if line.deadline is None or line.state in _TIMELESS:
        return ""
    minutes, late = divmod(abs(line.deadline - now), timedelta(minutes=1))[0], line.deadline < now
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    text = f"{days} d {hours} h" if days else f"{hours} h {minutes:02d} min"
    return f"超时 {text} late" if late else text


class Board(ABC):
    """Shows lines as they change."""

    @abstractmethod
    def show(self, line: Line) -> None:
        """Show a line as it is now."""

    @abstractmethod
    def say(self, text: str) -> None:
        """Say something about the morning as a whole."""

    @abstractmethod
    def show_result(self, lines: Sequence[str]) -> None:
        """Show how the morning went."""


class PlainBoard(Board):
    """Prints one line per change, for logs and pipes."""

    def __init__(self) -> None:
        self._last: dict[int, Line] = {}

    def show(self, line: Line) -> None:
        now = replace(line)
        before = self._last.get(line.turn, Line(line.turn, line.place))
        self._last[line.turn] = now
        text = _change(before, now)
        if text:
            print(text, flush=True)

    def say(self, text: str) -> None:
        print(text, flush=True)

    def show_result(self, lines: Sequence[str]) -> None:
        for text in lines:
            print(text, flush=True)


class LiveBoard(Board):
    """Draws the table anew at every change."""

    def __init__(self, live: Live, title: str) -> None:
        self._live = live
        self._title = title
        self._lines: dict[int, Line] = {}
        self._said = ""
        self._result: Sequence[str] = ()

    def show(self, line: Line) -> None:
        self._lines[line.turn] = line
        self._live.update(self._draw())

    def say(self, text: str) -> None:
        self._said = text
        self._live.update(self._draw())

    def show_result(self, lines: Sequence[str]) -> None:
        self._result = lines
        self._live.update(self._draw(), refresh=True)

    def _draw(self) -> RenderableType:
        table = Table(title=self._title, expand=True, pad_edge=False)
        for heading, width in _COLUMNS:
            ratio = None if width else 1
            table.add_column(heading, overflow="ellipsis", no_wrap=True, width=width, ratio=ratio)
        now = datetime.now(UTC)
        for turn in sorted(self._lines):
            table.add_row(*_cells(self._lines[turn], now))
        return Group(table, Text(self._said, style="bright_black"), *map(_result_line, self._result))


@contextmanager
def open_board(title: str) -> Iterator[Board]:
    """Open the board that fits where the output goes."""
    if not sys.stdout.isatty():
        print(title, flush=True)
        yield PlainBoard()
        return
    with Live(console=Console(), refresh_per_second=_REFRESHES_A_SECOND) as live:
        yield LiveBoard(live, title)


def _cells(line: Line, now: datetime) -> list[RenderableType]:
    zh, en, colour = _STATES.get(line.state, ("", "", "white"))
    return [
        f"{line.number[-_SERIAL_DIGITS:]} {line.place}".strip(),
        line.type_name,
        Text(f"{zh} {en}", style=colour),
        line.holder,
        time_left(line, now),
        "" if line.push_ms is None else f"{line.push_ms:.0f} ms",
        line.note,
    ]


def _result_line(text: str) -> Text:
    return Text(text, style="bold red" if text.startswith("卡住") else "bold")


def _change(before: Line, now: Line) -> str:
    """Say what changed on a line; nothing when it is not worth a line."""
    what = []
    if now.state != before.state:
        what += [now.type_name, state_words(now.state), now.holder, time_left(now, datetime.now(UTC))]
    if now.push_ms is not None and before.push_ms is None:
        what.append(f"推送 pushed {now.push_ms:.0f} ms after the report")
    if now.note != before.note:
        what.append(now.note)
    told = [part for part in what if part]
    return " | ".join([f"{now.turn:>2} {now.number or now.place}", *told]) if told else ""
