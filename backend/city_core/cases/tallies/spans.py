"""Cuts a time into whole years and months of the city, which are counted already, and edges that are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from city_core.cases.tallies.counted import ANY
from city_core.kit.calendar import BEIJING

_FIRST_YEAR = 2000  # nothing was reported before
Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class Spans:
    """`names` are those of the tallies; they cover `whole` (None: all times); the edges lie around it."""

    names: Sequence[str]
    whole: Period | None
    edges: Sequence[Period]


def spans_of(since: datetime | None, until: datetime | None, now: datetime) -> Spans:
    """Cut a time, from `since` on and before `until`; one that is left out has no end there."""
    if since is None and until is None:
        return Spans((ANY,), None, ())
    begins = _aware(since) if since is not None else _month(_FIRST_YEAR, 1)
    ends = _aware(until) if until is not None else _month(now.astimezone(BEIJING).year + 2, 1)
    begins = max(begins, _month(_FIRST_YEAR, 1))
    ends = min(ends, _month(now.astimezone(BEIJING).year + 2, 1))
    first, last = _months(begins, up=True), _months(ends, up=False)
    if first >= last:
        return Spans((), None, ((begins, ends),) if begins < ends else ())
    whole = _month(*_year_and_month(first)), _month(*_year_and_month(last))
    edges = [(begins, whole[0]), (whole[1], ends)]
    return Spans(_names(first, last), whole, [edge for edge in edges if edge[0] < edge[1]])


def _year_and_month(months: int) -> tuple[int, int]:
    """Give year and month of a number of months."""
    year, month = divmod(months, 12)
    return year, month + 1


def _names(first: int, last: int) -> list[str]:
    names: list[str] = []
    while first < last:
        year, month = _year_and_month(first)
        if month == 1 and first + 12 <= last:
            names.append(f"{year:04d}")
            first += 12
        else:
            names.append(f"{year:04d}-{month:02d}")
            first += 1
    return names


def _months(moment: datetime, *, up: bool) -> int:
    local = moment.astimezone(BEIJING)
    months = local.year * 12 + local.month - 1
    return months + 1 if up and moment != _month(local.year, local.month) else months


def _month(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=BEIJING).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
