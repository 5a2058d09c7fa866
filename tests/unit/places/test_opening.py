"""Opening hours: open or not, the next change, and the short text that imports bring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_core.kit.calendar import BEIJING
from city_core.kit.problems import CityProblem
from city_core.places.points.hours_text import read_hours, write_hours
from city_core.places.points.opening import open_minutes, opening_at

MONDAY = datetime(2026, 3, 2, tzinfo=BEIJING)
_MINUTES = st.integers(0, 24 * 60 - 1)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


ROWS = st.builds(
    lambda days, opens, closes: {
        "days": sorted(days), "opens_at": clock(opens),
        "closes_at": "24:00" if closes is None else clock(closes),
    },
    st.sets(st.integers(1, 7), min_size=1),
    _MINUTES,
    _MINUTES | st.none(),
)  # fmt: skip
HOURS = st.lists(ROWS, max_size=5)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


def at(day: int, hour: float) -> datetime:
    return (MONDAY + timedelta(days=day - 1, hours=hour)).astimezone(UTC)


def is_open_by_hand(hours: list[dict[str, Any]], when: datetime) -> bool:
    """Look at each row of today and of yesterday, as a person reading the sign would."""
    local = when.astimezone(BEIJING)
    if not hours:
        return True
    time = f"{local:%H:%M}"
    yesterday = (local.isoweekday() + 5) % 7 + 1
    for row in hours:
        opens, closes = row["opens_at"], row["closes_at"]
        passes_midnight = closes <= opens
        if local.isoweekday() in row["days"] and time >= opens and (passes_midnight or time < closes):
            return True
        if passes_midnight and yesterday in row["days"] and time < closes:
            return True
    return False


@given(HOURS, INSTANTS)
def test_open_as_the_sign_says(hours: list[dict[str, Any]], when: datetime) -> None:
    assert opening_at(hours, when).is_open == is_open_by_hand(hours, when)


@given(HOURS, INSTANTS)
def test_nothing_changes_before_the_next_change(hours: list[dict[str, Any]], when: datetime) -> None:
    now = opening_at(hours, when)
    if now.changes_at is None:
        assert len({opening_at(hours, when + timedelta(hours=n)).is_open for n in range(0, 168)}) == 1
        return
    assert when < now.changes_at <= when + timedelta(days=7)
    assert opening_at(hours, now.changes_at).is_open != now.is_open
    just_before = now.changes_at - timedelta(seconds=1)
    assert opening_at(hours, just_before).is_open == now.is_open
    halfway = when + (now.changes_at - when) / 2
    assert opening_at(hours, halfway).is_open == now.is_open


@given(HOURS, st.sampled_from(["zh", "en"]))
def test_what_is_written_reads_the_same_again(hours: list[dict[str, Any]], language: str) -> None:
    text = write_hours(hours, language)
    again = read_hours(text)
    assert open_minutes(again) == open_minutes(hours)
    assert write_hours(again, language) == text


def test_a_market_at_night() -> None:
    market = read_hours("周五、周六 18:00-02:00")
    assert opening_at(market, at(5, 17)).changes_at == at(5, 18)
    assert opening_at(market, at(6, 1)) == opening_at(market, at(5, 25))
    assert opening_at(market, at(6, 1)).is_open and opening_at(market, at(6, 1)).changes_at == at(6, 2)
    assert opening_at(market, at(7, 1)).is_open and not opening_at(market, at(7, 2)).is_open
    assert opening_at(market, at(7, 2)).changes_at == at(12, 18)


def test_no_hours_are_always_and_a_whole_week_too() -> None:
    assert opening_at([], at(3, 3)).is_open and opening_at([], at(3, 3)).changes_at is None
    whole = [{"days": list(range(1, 8)), "opens_at": "08:00", "closes_at": "08:00"}]
    assert opening_at(whole, at(1, 8)).is_open and opening_at(whole, at(1, 8)).changes_at is None


def test_open_through_the_night_of_sunday() -> None:
    hours = read_hours("Su 22:00-06:00")
    assert opening_at(hours, at(7, 23)).changes_at == at(8, 6)


@pytest.mark.parametrize(
    ("text", "days", "spans"),
    [
        ("周一至周五 08:00-18:00", [1, 2, 3, 4, 5], [("08:00", "18:00")]),
        ("Mo-Fr 08:00-18:00", [1, 2, 3, 4, 5], [("08:00", "18:00")]),
        ("工作日8:00—12:00，14:00～18：00", [1, 2, 3, 4, 5], [("08:00", "12:00"), ("14:00", "18:00")]),
        ("星期六、星期天 9:00至24:00", [6, 7], [("09:00", "24:00")]),
        ("Sa-Mo 20:00-02:00", [1, 6, 7], [("20:00", "02:00")]),
        ("06:00-22:00", [1, 2, 3, 4, 5, 6, 7], [("06:00", "22:00")]),
    ],
)
def test_ways_of_writing(text: str, days: list[int], spans: list[tuple[str, str]]) -> None:
    assert read_hours(text) == [
        {"days": days, "opens_at": opens, "closes_at": closes} for opens, closes in spans
    ]


@pytest.mark.parametrize("text", ["24h", "24小时", "全天", "24/7", ""])
def test_ways_of_writing_always(text: str) -> None:
    assert read_hours(text) == []


@pytest.mark.parametrize(
    "text",
    ["often", "08:00", "25:00-26:00", "08:60-09:00", "24:00-02:00", "Mo-We-Fr 08:00-09:00",
     "周八 08:00-09:00", "8-18", "08:00-18:00 x", "08:00-18:00,", "１２:00-13:00", ";",
     "Mo-Fr 08:00-09:00;" * 40],
)  # fmt: skip
def test_what_is_no_opening_hours_is_refused(text: str) -> None:
    with pytest.raises(CityProblem, match="OPENING_HOURS_INVALID"):
        read_hours(text)


def test_days_with_the_same_hours_stand_together() -> None:
    hours = read_hours("Mo 08:00-18:00; Tu,We 8:00-18:00; Su 09:00-12:00")
    assert write_hours(hours) == "周一至周三 08:00-18:00；周日 09:00-12:00"
    assert write_hours(hours, "en") == "Mo-We 08:00-18:00; Su 09:00-12:00"
