"""The rulebooks of the city as files: read, checked, and published where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.rulebook.differences import Difference, differences, is_same
from city_core.kit.rulebook.store import Rulebook, content_of, publish, versions_in_force
from city_core.kit.rulebook.tables import Content, Fault, Row, read_csv
from city_core.notify.rungs import REACHING
from city_seed.store import Counted

SEEDER = "seed"
# The files of each table; the types of several standards stand in a file each.
FILES: Mapping[str, Mapping[str, Sequence[str]]] = {
    CALENDAR_BOOK.name: {
        "work_hours": ["work_hours.csv"],
        "days": ["calendar_days.csv"],
        "years": ["calendar_years.csv"],
        "seasons": ["seasons.csv"],
    },
    CATALOGUE_BOOK.name: {
        "standards": ["standards.csv"],
        "case_types": ["case_types_2013.csv", "case_types_2026.csv", "case_types_local.csv"],
        "filing_conditions": ["filing_conditions.csv"],
        "default_limits": ["default_limits.csv"],
        "modules": ["modules.csv"],
        "module_types": ["module_types.csv"],
    },
    EMERGENCY_PROFILES.name: {
        "profiles": ["emergency_profiles.csv"],
        "profile_limits": ["emergency_limits.csv"],
        "profile_routes": ["emergency_routes.csv"],
    },
    REACHING.name: {"rungs": ["reaching.csv"]},
}


class RulesRefused(Exception):
    """Raised when the city does not take the rules of the reference tables; says why, row by row."""


class RulebookFiles:
    """One rulebook as it stands in the reference folder, with the place of every row in its file."""

    def __init__(self, book: Rulebook[Any], folder: Path) -> None:
        self.book = book
        self.problems: list[str] = []
        self._places: dict[str, list[tuple[str, int]]] = {}
        self.content: Content = {table.name: self._read(table.name, folder) for table in book.tables}
        if not self.problems:
            self.add(book.check(self.content))

    def _read(self, table_name: str, folder: Path) -> list[Row]:
        table = next(table for table in self.book.tables if table.name == table_name)
        rows: list[Row] = []
        places = self._places.setdefault(table_name, [])
        for name in FILES[self.book.name][table_name]:
            try:
                found = read_csv(table, (folder / name).read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{name}: cannot be read ({error})")
                continue
            self.problems += [_told(name, fault.row, fault) for fault in found.faults]
            rows += found.rows
            places += [(name, line) for line in found.lines]
        return rows

    def add(self, faults: Sequence[Fault]) -> None:
        """Note faults of a check, each with its file and the row there."""
        for fault in faults:
            if fault.row is None:
                self.problems.append(_told(FILES[self.book.name][fault.table][0], None, fault))
            else:
                self.problems.append(_told(*self._places[fault.table][fault.row - 2], fault))


def _told(file: str, row: int | None, fault: Fault) -> str:
    where = file if row is None else f"{file}, row {row}"
    return f"{where}: {fault.column}: {fault.en}" if fault.column else f"{where}: {fault.en}"


async def publish_where_different(city: City, book: Rulebook[Any], content: Content) -> list[Counted]:
    """Publish a rulebook unless the one in force is the same; answers what became of each table."""
    in_force = await content_of(city, book, (await versions_in_force(city)).get(book.name, 0))
    found = differences(book.tables, in_force, content)
    if not is_same(found):
        client_id = new_id()
        published = await publish(
            city, book, content, by=SEEDER, client_id=client_id, input_hash=client_id, note="reference tables"
        )
        if published.faults:
            raise RulesRefused("\n".join(str(fault) for fault in published.faults))
    return [_counted(table) for table in found]


def _counted(table: Difference) -> Counted:
    return Counted(table.table, new=table.added, changed=table.changed, unchanged=table.unchanged)
