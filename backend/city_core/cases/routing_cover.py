"""Whether a routing rule can never be reached: an earlier one fits every case that it fits.

Sound, not complete: what is called covered is covered (under test); a rule that only several others cover
together is not found.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import time
from typing import Any

from city_core.cases.routing_rules import RoutingRule, Season, in_season

Hours = tuple[time, time] | None
_FIRST_DAY, _LAST_DAY = "0000-00-00", "9999-99-99"


def covers(earlier: RoutingRule, later: RoutingRule) -> bool:
    """Tell whether every case that the later rule fits is taken by the earlier one."""
    return _covers_what(earlier, later) and _covers_where(earlier, later) and _covers_when(earlier, later)


def _covers_what(earlier: RoutingRule, later: RoutingRule) -> bool:
    if earlier.type_prefixes and not later.type_prefixes:
        return False
    if not all(prefix.startswith(earlier.type_prefixes or ("",)) for prefix in later.type_prefixes):
        return False
    return _wider(earlier.modules, later.modules) and _wider(earlier.sources, later.sources)


def _covers_where(earlier: RoutingRule, later: RoutingRule) -> bool:
    pairs = (
        (earlier.street_codes, later.street_codes),
        (earlier.community_codes, later.community_codes),
        (earlier.grid_codes, later.grid_codes),
        (earlier.area_classes, later.area_classes),
    )
    return all(_wider(mine, theirs) for mine, theirs in pairs)


def _covers_when(earlier: RoutingRule, later: RoutingRule) -> bool:
    if earlier.working_time not in (None, later.working_time):
        return False
    if not _covers_hours(earlier.hours, later.hours):
        return False
    return not _looks_at_days(earlier) or (_same_days(earlier, later) and _covers_days(earlier, later))


def _looks_at_days(rule: RoutingRule) -> bool:
    return bool(rule.weekdays or rule.seasons or rule.valid_from or rule.valid_to)


def _same_days(earlier: RoutingRule, later: RoutingRule) -> bool:
    """Hours after midnight count to the day before: only rules that agree on them speak of the same days."""
    return earlier.hours == later.hours or not (earlier.passes_midnight or later.passes_midnight)


def _covers_days(earlier: RoutingRule, later: RoutingRule) -> bool:
    if not _wider(earlier.weekdays, later.weekdays):
        return False
    if earlier.seasons and not (later.seasons and all(_in_one(s, earlier.seasons) for s in later.seasons)):
        return False
    begins = (earlier.valid_from or _FIRST_DAY) <= (later.valid_from or _FIRST_DAY)
    return begins and (earlier.valid_to or _LAST_DAY) >= (later.valid_to or _LAST_DAY)


def _wider(mine: Collection[Any], theirs: Collection[Any]) -> bool:
    return not mine or (bool(theirs) and set(theirs) <= set(mine))


def _in_one(season: Season, wider: Collection[Season]) -> bool:
    """Tell whether a season lies in one of others: both its ends do, and not the long way round."""
    first, last = season
    return any(
        in_season(first, other)
        and in_season(last, other)
        and _days_from(other[0], first) <= _days_from(other[0], last)
        for other in wider
    )


def _days_from(start: str, month_day: str) -> int:
    """Count roughly how far a day of the year is behind another; only their order matters."""
    return (_number(month_day) - _number(start)) % (13 * 32)


def _number(month_day: str) -> int:
    return int(month_day[:2]) * 32 + int(month_day[3:])


def _covers_hours(mine: Hours, theirs: Hours) -> bool:
    if mine is None:
        return True
    if theirs is None:
        return False
    opens, closes = (_minutes_from(mine[0], at) for at in theirs)
    length = _minutes_from(*mine)
    return opens < (closes or 24 * 60) <= length


def _minutes_from(start: time, at: time) -> int:
    return ((at.hour - start.hour) * 60 + at.minute - start.minute) % (24 * 60)
