"""Opening hours as people write them: 周一至周五 08:00-18:00；周六 09:00-12:00, Mo-Fr 08:00-18:00, 24h.

What is written for an import is read, and what is stored is written so that it reads the same again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.places.points.opening import MOST_HOURS, Spans, minute_of, open_minutes

Row = Mapping[str, Any]
Hours = list[dict[str, Any]]
FORM = "周一至周五 08:00-18:00；周六 09:00-12:00, Mo-Fr 08:00-18:00 or 24h"
_MOST_CHARACTERS = 500
_DAY, _WEEK = 24 * 60, 7 * 24 * 60
_ZH, _EN = "一二三四五六日", ("mo", "tu", "we", "th", "fr", "sa", "su")
_NUMBER = {
    **{f"{week}{day}": number for week in ("周", "星期") for number, day in enumerate(_ZH, start=1)},
    **{"周天": 7, "星期天": 7},
    **{day: number for number, day in enumerate(_EN, start=1)},
}
_NAMED = {
    "每天": range(1, 8), "每日": range(1, 8), "daily": range(1, 8),
    "工作日": range(1, 6), "周末": range(6, 8),
}  # fmt: skip
_ALWAYS = frozenset({"24h", "24/7", "24小时", "全天", "全天开放", "24小时开放"})
_TO = r"(?:-|–|—|~|～|至|到)"
_TIME = r"\d{1,2}:\d{2}"
_SPAN = re.compile(rf"\s*({_TIME})\s*{_TO}\s*({_TIME})\s*")
_PART = re.compile(rf"(?P<days>[^\d]*?)\s*(?P<spans>{_TIME}.*)")


def read_hours(text: str) -> Hours:
    """Read opening hours as they are stored; none means always. Refuses what is written otherwise."""
    said = text.strip().lower().replace("：", ":").replace("，", ",").replace("、", ",").replace("；", ";")
    if not said or said in _ALWAYS:
        return []
    try:
        if len(said) > _MOST_CHARACTERS:
            raise ValueError
        hours = [row for part in re.split(r"[;\n]", said) if part.strip() for row in _rows_of(part.strip())]
    except (KeyError, ValueError) as error:
        raise CityProblem("OPENING_HOURS_INVALID", field="openingHours", allowed=FORM) from error
    if not hours or len(hours) > MOST_HOURS:
        raise CityProblem("OPENING_HOURS_INVALID", field="openingHours", allowed=f"{FORM}; {MOST_HOURS} rows")
    return hours


def write_hours(hours: Sequence[Row], language: str = "zh") -> str:
    """Write opening hours in one of the two languages, days with the same hours together."""
    return _written(open_minutes(hours), language)


@lru_cache(maxsize=4_096)
def _written(spans: Spans, language: str) -> str:
    if spans == ((0, _WEEK),):
        return "24h" if language == "en" else "24小时"
    days_of: dict[str, list[int]] = {}
    for day, written in _written_days(spans).items():
        days_of.setdefault(written, []).append(day)
    parts = [f"{_days_in_words(days, language)} {written}" for written, days in days_of.items()]
    return ("; " if language == "en" else "；").join(parts)


def _rows_of(part: str) -> Hours:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(part)
    days = _days_of(found["days"].strip())
    rows: Hours = []
    for span in found["spans"].split(","):
        ends = _SPAN.fullmatch(span)
        if ends is None:
            raise ValueError(span)
        opens_at, closes_at = (ends[side].zfill(len("08:30")) for side in (1, 2))
        if minute_of(opens_at) == _DAY:
            raise ValueError(span)
        minute_of(closes_at)
        rows.append({"days": days, "opens_at": opens_at, "closes_at": closes_at})
    return rows


def _days_of(words: str) -> list[int]:
    if not words:
        return list(range(1, 8))
    days: set[int] = set()
    for word in words.split(","):
        name = word.strip()
        if name in _NAMED:
            days |= set(_NAMED[name])
            continue
        first, *last = re.split(rf"\s*{_TO}\s*", name)
        if len(last) > 1:
            raise ValueError(name)
        begins, ends = _NUMBER[first], _NUMBER[last[0] if last else first]
        days |= {(begins - 1 + more) % 7 + 1 for more in range((ends - begins) % 7 + 1)}
    return sorted(days)


def _written_days(spans: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Write the spans of each day; what goes on past midnight stands with the day on which it begins.

    A span of more than a day, or one that began the week before, is cut at midnight: it reads the same.
    """
    of_day: dict[int, list[tuple[int, int]]] = {}
    for begins, ends in _cut(spans):
        of_day.setdefault(begins // _DAY + 1, []).append((begins % _DAY, begins % _DAY + ends - begins))
    return {
        day: ",".join(f"{_clock(begins)}-{_clock(ends)}" for begins, ends in sorted(parts))
        for day, parts in sorted(of_day.items())
    }


def _cut(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    wraps = len(spans) > 1 and spans[0][0] == 0 and spans[-1][1] == _WEEK
    whole = [*spans[1:-1], (spans[-1][0], _WEEK + spans[0][1])] if wraps else list(spans)
    for first, ends in whole:
        begins = first
        while ends - begins > _DAY:
            midnight = begins - begins % _DAY + _DAY
            found.append((begins % _WEEK, begins % _WEEK + midnight - begins))
            begins = midnight
        found.append((begins % _WEEK, begins % _WEEK + ends - begins))
    return found


def _clock(minute: int) -> str:
    shown = minute if minute <= _DAY else minute - _DAY
    return f"{shown // 60:02d}:{shown % 60:02d}"


def _days_in_words(days: Sequence[int], language: str) -> str:
    if len(days) == 7:
        return "daily" if language == "en" else "每天"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [day.title() for day in _EN] if language == "en" else [f"周{day}" for day in _ZH]
    to, between = ("-", ",") if language == "en" else ("至", "、")
    ends = [(names[run[0] - 1], names[run[-1] - 1]) for run in runs]
    return between.join(first if first == last else f"{first}{to}{last}" for first, last in ends)
