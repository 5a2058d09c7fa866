"""Readers of cells that several rulebooks share: whole numbers, choices, lists, dates, times, yes or no."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, time
from typing import Any

from city_core.kit.rulebook.tables import BadCell, Column

_MOST_DIGITS = 12
_MONTH_DAY = "%m-%d"
_LEAP_YEAR = "2024-"
_BLANK_NOT_ALLOWED: Any = Column.__dataclass_fields__["blank"].default


def text(name: str, *, blank: Any = _BLANK_NOT_ALLOWED, most: int = 500) -> Column:
    """Make a column of plain text."""

    def read(cell: str) -> str:
        if len(cell) > most or not cell.isprintable():
            raise BadCell(f"最多{most}个可显示字符", f"at most {most} printable characters")
        return cell

    return Column(name, read, blank=blank)


def whole(name: str, *, least: int, most: int, blank: Any = _BLANK_NOT_ALLOWED) -> Column:
    """Make a column of whole numbers within limits."""

    def read(cell: str) -> int:
        small = len(cell) <= _MOST_DIGITS and cell.isascii() and cell.isdecimal()
        if not small or not least <= int(cell) <= most:
            raise BadCell(f"应为{least}至{most}的整数，而不是{cell!r}",
                          f"must be a whole number from {least} to {most}, not {cell!r}")  # fmt: skip
        return int(cell)

    return Column(name, read, blank=blank)


def choice(name: str, allowed: Collection[str], *, blank: Any = _BLANK_NOT_ALLOWED) -> Column:
    """Make a column that holds one of a few words."""
    known = ", ".join(allowed)

    def read(cell: str) -> str:
        if cell not in allowed:
            raise BadCell(f"不认识{cell!r}；可用：{known}", f"unknown {cell!r}; known: {known}")
        return cell

    return Column(name, read, blank=blank)


def yes_no(name: str, *, blank: Any = _BLANK_NOT_ALLOWED) -> Column:
    """Make a column of yes or no."""
    column = choice(name, ("yes", "no"))
    return Column(name, lambda cell: column.read(cell) == "yes", _as_yes_no, blank)


def _as_yes_no(value: bool) -> str:
    return "yes" if value else "no"


def words(name: str) -> Column:
    """Make a column of words with blanks between; empty is none."""
    return Column(name, str.split, " ".join, blank=[])


def day(name: str, *, blank: Any = _BLANK_NOT_ALLOWED) -> Column:
    """Make a column of dates such as 2026-10-01, kept as that text."""
    return Column(name, _checked(_written_day, "日期，如 2026-10-01", "a date such as 2026-10-01"),
                  blank=blank)  # fmt: skip


def month_day(name: str, *, blank: Any = _BLANK_NOT_ALLOWED) -> Column:
    """Make a column of days of any year such as 03-15, kept as that text."""
    return Column(name, _checked(_written_month_day, "月日，如 03-15", "month and day such as 03-15"),
                  blank=blank)  # fmt: skip


def clock_time(name: str, *, blank: Any = _BLANK_NOT_ALLOWED) -> Column:
    """Make a column of times of the day such as 08:30, kept as that text."""
    return Column(name, _checked(_written_time, "时刻，如 08:30", "a time such as 08:30"), blank=blank)


def _written_day(cell: str) -> str:
    return date.fromisoformat(cell).isoformat()


def _written_month_day(cell: str) -> str:
    return date.fromisoformat(_LEAP_YEAR + cell).strftime(_MONTH_DAY)


def _written_time(cell: str) -> str:
    return time.fromisoformat(cell).strftime("%H:%M")


def _checked(written: Callable[[str], str], zh: str, en: str) -> Callable[[str], str]:
    """Take a cell only as it would be written: other ways of writing the same would not sort or compare."""

    def read(cell: str) -> str:
        try:
            if written(cell) == cell:
                return cell
        except ValueError:
            pass
        raise BadCell(f"应为{zh}，而不是{cell!r}", f"must be {en}, not {cell!r}")

    return read
