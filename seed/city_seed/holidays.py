"""Writes the public holidays into the reference tables: `python -m city_seed.holidays 2024 2026`.

The source is the package chinesecalendar, which follows the State Council's notices; it is needed here only.
Ends with 0; with 2 and one sentence when the package is not there or does not know a year.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from city_core.catalogue.calendar_tables import DAYS
from city_core.kit.rulebook.tables import Row, write_csv
from city_seed.reference import REFERENCE_FOLDER

HOLIDAYS_FILE = REFERENCE_FOLDER / "calendar_days.csv"
_SATURDAY = 5


class YearNotKnown(Exception):
    """Raised for a year whose holidays the package does not know yet."""


def holiday_rows(first_year: int, last_year: int) -> Iterator[Row]:
    """List the days of some years on which the city works differently from what the weekday says."""
    from chinese_calendar import Holiday, holidays, workdays

    for year in range(first_year, last_year + 1):
        if not any(day.year == year for day in holidays):
            raise YearNotKnown(f"The holidays of {year} are not known to this chinesecalendar.")
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        weekend = day.weekday() >= _SATURDAY
        found = workdays.get(day) if weekend else holidays.get(day)
        if found is not None:
            yield {
                "day": day.isoformat(), "kind": "work" if weekend else "rest", "opens": None, "closes": None,
                "name_zh": names[found], "name_en": found,
            }  # fmt: skip
        day += timedelta(days=1)


def holidays_csv(first_year: int, last_year: int) -> str:
    """Write the days as the table `days` of the calendar."""
    return write_csv(DAYS, list(holiday_rows(first_year, last_year)))


def main(arguments: list[str] | None = None) -> int:
    """Write the table from the command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="city_seed.holidays", description="Write the public holidays.")
    parser.add_argument("first_year", type=int)
    parser.add_argument("last_year", type=int)
    parser.add_argument("--to", type=Path, default=HOLIDAYS_FILE, help="the file to write")
    asked = parser.parse_args(arguments)
    try:
        asked.to.write_text(holidays_csv(asked.first_year, asked.last_year), encoding="utf-8")
    except ImportError:
        print("Install chinesecalendar first: it comes with the extra `dev`.", file=sys.stderr)
        return 2
    except YearNotKnown as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
