"""Opening hours 开放时间: whether a point is open at an instant, and when that changes next.

Pure rules, in the city's own time. Hours without any row mean always; hours that end at or before they begin
go on until the next day; 24:00 is the end of the day. Public holidays count as what they are in the week.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from city_core.kit.calendar import BEIJING
from city_core.places.points.model import PointState

Row = Mapping[str, Any]
Spans = tuple[tuple[int, int], ...]
_Key = tuple[tuple[tuple[int, ...], str, str], ...]
_DAY = 24 * 60
_WEEK = 7 * _DAY
MOST_HOURS = 50


@dataclass(frozen=True)
class Opening:
    """Whether a point is open now, and when that changes next (UTC); None: never."""

    is_open: bool
    changes_at: datetime | None


def opening_at(hours: Sequence[Row], at: datetime) -> Opening:
    """Tell whether a point with these hours is open at an instant, and when it opens or closes next."""
    local = at.astimezone(BEIJING)
    spans = open_minutes(hours)
    if spans in ((), ((0, _WEEK),)):
        return Opening(bool(spans), None)
    now = local.weekday() * _DAY + local.hour * 60 + local.minute
    changes = [minute for span in spans for minute in span]
    passed = bisect_right(changes, now)
    after = changes[passed:] + [minute + _WEEK for minute in changes]
    following = after[0]
    if _is_midnight_of_sunday(following, spans):  # open through it: nothing changes there
        following = after[2]
    begun = local.replace(second=0, microsecond=0)
    return Opening(bool(passed % 2), (begun + timedelta(minutes=following - now)).astimezone(at.tzinfo))


def is_open(point: Row, at: datetime) -> bool:
    """Tell whether a point can be used at an instant: not closed for the time being, and within its hours."""
    return point["state"] == PointState.IN_USE and opening_at(point.get("opening_hours") or (), at).is_open


def hours_of_day(point: Row, at: datetime) -> list[str]:
    """List the hours of the day of an instant, such as 05:30-22:00; none where it is always open."""
    today = at.astimezone(BEIJING).isoweekday()
    hours = point.get("opening_hours") or ()
    return [f"{row['opens_at']}-{row['closes_at']}" for row in hours if today in row["days"]]


def open_minutes(hours: Sequence[Row]) -> Spans:
    """Give the minutes of the week, from Monday 00:00 on, in which a point with these hours is open.

    Spans from a minute up to another one, in order and apart; all of the week where there are no hours.
    """
    if not hours:
        return ((0, _WEEK),)
    return _open_minutes(tuple((tuple(row["days"]), row["opens_at"], row["closes_at"]) for row in hours))


@lru_cache(maxsize=4_096)
def _open_minutes(hours: _Key) -> Spans:
    found: list[tuple[int, int]] = []
    for days, opens_at, closes_at in hours:
        opens, closes = minute_of(opens_at), minute_of(closes_at)
        lasts = closes - opens if closes > opens else closes - opens + _DAY
        for day in days:
            begins = (day - 1) * _DAY + opens
            found += _within_week(begins, begins + lasts)
    return _joined(sorted(found))


def minute_of(text: str) -> int:
    """Give the minute of the day of a time such as 08:30; 24:00 is its end. ValueError for anything else."""
    hour, _, minute = text.partition(":")
    if len(text) != len("08:30") or not (hour + minute).isascii() or not (hour + minute).isdecimal():
        raise ValueError(text)
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > _DAY:
        raise ValueError(text)
    return minutes


def _within_week(begins: int, ends: int) -> list[tuple[int, int]]:
    return [(begins, ends)] if ends <= _WEEK else [(begins, _WEEK), (0, ends - _WEEK)]


def _joined(spans: Sequence[tuple[int, int]]) -> Spans:
    joined: list[tuple[int, int]] = []
    for begins, ends in spans:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return tuple(joined)


def _is_midnight_of_sunday(minute: int, spans: Spans) -> bool:
    return minute % _WEEK == 0 and spans[0][0] == 0 and spans[-1][1] == _WEEK
