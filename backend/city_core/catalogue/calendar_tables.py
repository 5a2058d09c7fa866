"""The tables of the city's calendar: working hours, days that differ, known years, seasons."""

from __future__ import annotations

from city_core.catalogue.catalogue_tables import CERTAINTIES
from city_core.kit.rulebook.cells import choice, clock_time, day, month_day, text, whole, yes_no
from city_core.kit.rulebook.tables import Content, Table

DAY_KINDS = ("rest", "work", "half", "hours")

WORK_HOURS = Table("work_hours", (
    day("valid_from"), clock_time("opens"), clock_time("closes"),
), key=("valid_from", "opens"))  # fmt: skip

# A day that differs from what its weekday says: at rest, worked as usual, half, or with hours of its own
# (one row for each shift).
DAYS = Table("days", (
    day("day"), choice("kind", DAY_KINDS), clock_time("opens", blank=None), clock_time("closes", blank=None),
    text("name_zh", most=60), text("name_en", most=120),
), key=("day", "opens"))  # fmt: skip

YEARS = Table("years", (
    whole("year", least=2000, most=2999),
    yes_no("provisional"),  # not decided yet: weekdays only
), key=("year",))  # fmt: skip

SEASONS = Table("seasons", (
    text("name", most=40), month_day("begins"), month_day("ends"), text("name_zh", most=60),
    text("name_en", most=120), choice("certainty", CERTAINTIES),
), key=("name", "begins"))  # fmt: skip

CALENDAR_TABLES = (WORK_HOURS, DAYS, YEARS, SEASONS)

# What holds before anything is published: 08-12 and 14-18 from Monday to Friday, no holidays.
FIRST_CALENDAR: Content = {
    "work_hours": [
        {"valid_from": "2000-01-01", "opens": "08:00", "closes": "12:00"},
        {"valid_from": "2000-01-01", "opens": "14:00", "closes": "18:00"},
    ],
}
