"""Fills a city with its reference data and the demo's people: `python -m city_seed.load`.

May be run again at any time: reference rows are put right where they differ, people and points are only
added.
Ends with 0; with 2 and one sentence when the city cannot be reached, is not set up, or a table has bad rows.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_core.bootstrap import open_city
from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.mongo import PyMongoError
from city_core.kit.rulebook.store import Rulebook
from city_core.kit.rulebook.tables import Content
from city_core.kit.starting import why_not_started
from city_core.kit.waking import QuietWaker
from city_core.notify.rungs import REACHING
from city_core.people.passwords import hash_password
from city_core.people.roles import Role
from city_core.places.points.model import POINTS
from city_core.settings import Settings, WrongSetting, read_settings
from city_seed.components import build_components
from city_seed.display import Display, open_display, summary
from city_seed.elements import build_elements
from city_seed.local_departments import local_departments
from city_seed.neighbours import build_neighbours, read_neighbours
from city_seed.people import STAFF_PASSWORD, build_people
from city_seed.points import PointKind, build_points, read_point_kinds
from city_seed.reference import REFERENCE_FOLDER, BadReference, Reference, read_reference
from city_seed.routing import publish_routing, read_routing
from city_seed.rulebooks import RulesRefused, publish_where_different
from city_seed.store import Counted, add_missing, add_people, missing_ids, replace_reference
from city_seed.zhangdian import Places, build_places

Row = dict[str, Any]


@dataclass(frozen=True)
class Load:
    """Everything that is to be in the database, checked before the first write."""

    reference: Reference
    places: Places
    neighbours: list[Row]
    routing_rules: list[Row]
    point_kinds: list[PointKind]

    def points(self) -> list[Row]:
        """Lay out the points of the layers, which are added only: their state is for people to change."""
        return build_points(self.point_kinds, self.places.divisions, self.places.unit_grids)

    def tables(self) -> list[tuple[str, list[Row]]]:
        return [
            (
                "departments",
                [
                    *self.reference.departments,
                    *local_departments(self.places.divisions),
                    *self.neighbours,
                ],
            ),
            ("divisions", self.places.divisions),
            ("unit_grids", self.places.unit_grids),
            ("responsibility_grids", self.places.responsibility_grids),
            ("components", self._components()),
            ("grid_elements", build_elements(self.places.unit_grids, self.places.responsibility_grids)),
        ]

    def _components(self) -> list[Row]:
        names = {row["code"]: row["name_zh"] for row in self.reference.catalogue["case_types"]}
        return build_components(self.places.unit_grids, self.places.responsibility_grids, names)

    def rulebooks(self) -> list[tuple[Rulebook[Any], Content]]:
        """The rules in the order in which they build on each other; the departments come before them."""
        return [
            (CALENDAR_BOOK, self.reference.calendar),
            (CATALOGUE_BOOK, self.reference.catalogue),
            (EMERGENCY_PROFILES, self.reference.emergencies),
            (REACHING, self.reference.reaching),
        ]


def prepare(folder: Path = REFERENCE_FOLDER) -> Load:
    """Read and check the reference tables and lay out the grids; nothing is written."""
    reference = read_reference(folder)
    neighbours, problems = read_neighbours(folder)
    rules, faults = read_routing(folder)
    kinds, wrong = read_point_kinds(folder)
    if problems or faults or wrong:
        raise BadReference(problems + faults + wrong)
    return Load(reference, build_places(reference.divisions), neighbours, rules, kinds)


async def load_into(city: City, load: Load, display: Display) -> list[Counted]:
    """Bring the database up to the reference and add the people who are missing."""
    counts = []
    for table, rows in load.tables():
        progress = display.step(table, len(rows))
        counts.append(await replace_reference(city.database[table], rows, progress))
    points = load.points()
    counts.append(await add_missing(city.database[POINTS], points, display.step(POINTS, len(points))))
    for book, content in load.rulebooks():
        progress = display.step(book.name, sum(len(rows) for rows in content.values()))
        counts += await publish_where_different(city, book, content)
        progress(sum(len(rows) for rows in content.values()))
    departments = [row["_id"] for row in load.reference.departments]
    people = build_people(load.places, departments, created_at=city.clock.now())
    people += build_neighbours(load.neighbours, created_at=city.clock.now())
    await _give_passwords(city, people)
    counts.append(await add_people(city.database["people"], people, display.step("people", len(people))))
    progress = display.step("routing_rules", len(load.routing_rules))
    counts.append(await publish_routing(city, load.routing_rules))  # last: rules name departments and people
    progress(len(load.routing_rules))
    return counts


async def _give_passwords(city: City, people: list[Row]) -> None:
    """Put one hash on all staff who are new: making it costs time, and they share the demo's password."""
    new = await missing_ids(city.database["people"], people)
    staff = [row for row in people if row["_id"] in new and row["role"] != Role.CITIZEN]
    if staff:
        made = hash_password(STAFF_PASSWORD)
        for row in staff:
            row["password_hash"] = made


async def run(settings: Settings, load: Load, *, quiet: bool) -> list[Counted]:
    """Load everything into the city that the settings name."""
    async with open_city(settings, app_name="seed", waker=QuietWaker(), builds_indexes=True) as city:
        with open_display(quiet=quiet) as display:
            return await load_into(city, load, display)


def main(arguments: list[str] | None = None) -> int:
    """Run the load from the command line; answers the exit code."""
    parser = argparse.ArgumentParser(
        prog="city_seed.load", description="Fill a city with its reference data."
    )
    parser.add_argument("--quiet", action="store_true", help="show nothing but problems")
    parser.add_argument("--reference", type=Path, default=REFERENCE_FOLDER, help="folder of the tables")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        load = prepare(options.reference)
        counts = asyncio.run(run(read_settings(), load, quiet=options.quiet))
    except (WrongSetting, BadReference, RulesRefused, PyMongoError) as error:
        print(sentence_for(error), file=sys.stderr)
        return 2
    if not options.quiet:
        print(summary(counts))
        print(f"Loaded in {time.monotonic() - began:.1f} s.")
    return 0


def sentence_for(error: WrongSetting | BadReference | RulesRefused | PyMongoError) -> str:
    """Tell the operator in one sentence why the load did not happen."""
    if isinstance(error, BadReference):
        return f"Nothing was written: the reference tables have bad rows.\n{error}"
    if isinstance(error, RulesRefused):
        return f"The rules were not published, those in force stay:\n{error}"
    return why_not_started(error) or f"MongoDB refused the load: {error}"


if __name__ == "__main__":
    sys.exit(main())
