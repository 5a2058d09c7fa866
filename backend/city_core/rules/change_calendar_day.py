"""One day of the calendar is changed: at rest, worked, or half; a new version is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from city_core.audit.publishing import noting_publication
from city_core.cases.command import Command, input_hash
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.catalogue.calendar_checks import weekday_kind
from city_core.catalogue.calendar_tables import DAYS
from city_core.kit.city import City
from city_core.kit.rulebook.store import Published, content_of, publish_csv, versions_in_force
from city_core.kit.rulebook.tables import Row, write_csv
from city_core.kit.text import checked_text
from city_core.people.roles import Actor
from city_core.rules.keepers import check_keeper


@dataclass(frozen=True)
class DayChange:
    """What a day is to be: `rest`, `work`, or `half` with its hours (08:00); and what the day is called."""

    day: date
    kind: str
    name_zh: str
    name_en: str
    opens: str | None = None
    closes: str | None = None


async def change_calendar_day(
    city: City, actor: Actor, command: Command, change: DayChange, *, note: str = ""
) -> Published:
    """Change one day; what its weekday says anyway takes the day off the list of exceptions."""
    check_keeper(actor)
    said = checked_text(note, field="note", most=500)
    before = (await versions_in_force(city)).get(CALENDAR_BOOK.name, 0)
    days = (await content_of(city, CALENDAR_BOOK, before))["days"]
    return await publish_csv(
        city,
        CALENDAR_BOOK,
        {DAYS.name: write_csv(DAYS, _changed(days, change))},
        by=actor.person_id,
        client_id=command.client_id,
        input_hash=input_hash("change_day", {"change": asdict(change), "note": said}),
        note=said,
        beside=noting_publication(city, actor, command.client_id, said),
        based_on=before,
    )


def _changed(days: Sequence[Row], change: DayChange) -> list[Row]:
    rows = [row for row in days if row["day"] != change.day.isoformat()]
    if change.kind != weekday_kind(change.day):
        rows.append({**asdict(change), "day": change.day.isoformat()})
    return sorted(rows, key=lambda row: (row["day"], row["opens"] or ""))
