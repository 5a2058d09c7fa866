"""What must hold inside a calendar: every bad row is named with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from city_core.kit.city import City
from city_core.kit.rulebook.store import rows_numbered, versions_in_force
from city_core.kit.rulebook.tables import Content, Fault, Row

_SATURDAY = 5


def weekday_kind(day: date) -> str:
    """Tell what a day is by its weekday alone: work or rest."""
    return "work" if day.weekday() < _SATURDAY else "rest"


def check_calendar(content: Content) -> list[Fault]:
    """Name every row that contradicts itself, another row, or says what its weekday says already."""
    return [
        *_hours_faults(content),
        *_day_faults(content),
        *_shift_faults("days", "day", content["days"]),
        *_kind_faults(content),
        *_season_faults(content),
    ]


def _hours_faults(content: Content) -> Iterator[Fault]:
    if not content["work_hours"]:
        yield Fault("work_hours", None, None, "至少要有一段工作时间", "there must be working hours")
    yield from _shift_faults("work_hours", "valid_from", content["work_hours"])


def _shift_faults(table: str, group: str, rows: Iterable[Row]) -> Iterator[Fault]:
    """Shifts of one day (or of one rule) close after they open and do not overlap."""
    seen: dict[str, list[tuple[str, str, int]]] = {}
    for number, row in rows_numbered(rows):
        opens, closes = row["opens"], row["closes"]
        if opens is None or closes is None:
            continue
        if closes <= opens:
            yield Fault(table, number, "closes", "下班时间应晚于上班时间", "closes before it opens")
        for other_opens, other_closes, other in seen.get(row[group], ()):
            if opens < other_closes and other_opens < closes:
                yield Fault(table, number, "opens", f"与第{other}行的时间重叠",
                            f"overlaps with the hours of row {other}")  # fmt: skip
        seen.setdefault(row[group], []).append((opens, closes, number))


def _day_faults(content: Content) -> Iterator[Fault]:
    years = {row["year"] for row in content["years"]}
    for number, row in rows_numbered(content["days"]):
        day = date.fromisoformat(row["day"])
        if day.year not in years:
            yield Fault("days", number, "day", f"years 表中没有{day.year}年",
                        f"the table years has no row for {day.year}")  # fmt: skip
        if row["kind"] == weekday_kind(day):
            yield Fault("days", number, "kind", f"{row['day']}按星期本来如此，不必列出",
                        f"{row['day']} is no exception: its weekday says the same")  # fmt: skip
        if (row["kind"] in ("half", "hours")) != (row["opens"] is not None and row["closes"] is not None):
            yield Fault("days", number, "opens", "半日和特殊时间必须填写起止时间，其他不填",
                        "half days and own hours say from when to when, other days do not")  # fmt: skip


def _kind_faults(content: Content) -> Iterator[Fault]:
    """A day is one thing; only a day with hours of its own has several rows."""
    first: dict[str, tuple[Row, int]] = {}
    for number, row in rows_numbered(content["days"]):
        before, other = first.setdefault(row["day"], (row, number))
        if other != number and (before["kind"], row["kind"]) != ("hours", "hours"):
            yield Fault("days", number, "day", f"{row['day']}与第{other}行重复",
                        f"{row['day']} stands in row {other} already")  # fmt: skip


def _season_faults(content: Content) -> Iterator[Fault]:
    seen: list[tuple[str, str, str, int]] = []
    for number, row in rows_numbered(content["seasons"]):
        begins, ends = row["begins"], row["ends"]
        if ends < begins:
            yield Fault("seasons", number, "ends", "止日早于起日；跨年的季节请分两行",
                        "ends before it begins; write a season over New Year as two rows")  # fmt: skip
        for name, other_begins, other_ends, other in seen:
            if name == row["name"] and begins <= other_ends and other_begins <= ends:
                yield Fault("seasons", number, "begins", f"与第{other}行重叠", f"overlaps with row {other}")
        seen.append((row["name"], begins, ends, number))


async def check_calendar_in_city(city: City, content: Content) -> list[Fault]:
    """Name the seasons that are gone though limits of the catalogue are counted in them."""
    version = (await versions_in_force(city)).get("catalogue", 0)
    catalogue = await city.database.rulebook_versions.find_one({"_id": f"catalogue:{version}"})
    rows = [row for table in catalogue["content"].values() for row in table] if catalogue else []
    needed = {row["season"] for row in rows if row.get("season")}
    return [
        Fault("seasons", None, "name", f"目录中的时限仍使用季节{name}",
              f"limits of the catalogue are counted in the season {name}")
        for name in sorted(needed - {row["name"] for row in content["seasons"]})
    ]  # fmt: skip
