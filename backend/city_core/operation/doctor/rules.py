"""Looks at the city's rules and people: rulebooks in force, the calendar, tallies, administrators."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from city_core.cases.tallies.rebuild import recount
from city_core.catalogue.calendar import CALENDAR_BOOK
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import content_of, open_rules, versions_in_force
from city_core.operation.doctor.finding import Finding, Patient, Severity, fault, fine, warning
from city_core.people.roles import ADMINISTRATION

_BEIJING = ZoneInfo("Asia/Shanghai")
_NEEDED = ("catalogue", "calendar")  # without these nothing can be reported, or deadlines are wrong
_NEXT_YEAR_FROM_MONTH = 11
_MOST_GRIDS = 20
_LONGEST_RECOUNT = timedelta(seconds=10)


async def look_at_rulebooks(patient: Patient) -> list[Finding]:
    """Rulebooks are in force and can be opened."""
    versions = await versions_in_force(patient.city)
    found = [
        Finding(Severity.FAULT, f"The rulebook {name} is not in force: nothing was published.",
                "Publish it as the rules administrator, or load the seed.")
        for name in _NEEDED if name in patient.books and not versions.get(name)
    ]  # fmt: skip
    for name, book in patient.books.items():
        try:
            await open_rules(patient.city, book)
        except (CityProblem, KeyError, ValueError, TypeError) as error:
            version = versions.get(name, 0)
            says = f"Version {version} of the rulebook {name} cannot be opened ({type(error).__name__})."
            do = f"Put an earlier one in force: `yiwang rules put-in-force {name}`."
            found.append(Finding(Severity.FAULT, says, do))
    in_force = sum(1 for name in patient.books if versions.get(name))
    return found or fine(
        f"{in_force} of {len(patient.books)} rulebooks are published, the others hold as shipped."
    )


async def look_at_calendar(patient: Patient) -> list[Finding]:
    """The calendar knows this year, and towards its end the next one."""
    city = patient.city
    today: date = city.clock.now().astimezone(_BEIJING).date()
    version = (await versions_in_force(city)).get(CALENDAR_BOOK.name, 0)
    try:
        rows = (await content_of(city, CALENDAR_BOOK, version))["years"]
    except CityProblem:
        return [Finding(Severity.SKIPPED, "The calendar in force is not there.")]
    decided = {row["year"] for row in rows if not row["provisional"]}
    do = "Publish the calendar with the holidays that the State Council announced (rulebook calendar)."
    if today.year not in decided:
        return fault(f"The calendar does not know {today.year}: holidays count as working days.", do)
    if today.month >= _NEXT_YEAR_FROM_MONTH and today.year + 1 not in decided:
        return warning(f"The calendar does not know {today.year + 1} yet.", do)
    return fine(f"The calendar knows {today.year}.")


async def look_at_tallies(patient: Patient) -> list[Finding]:
    """The tallies of the map agree with the cases, in some grids, for as long as a look may take."""
    loop = asyncio.get_running_loop()
    began, grids, wrong = loop.time(), 0, 0
    async for grid in recount(patient.city, only_check=True):
        grids += 1
        wrong += grid.miscounted + grid.rows
        if grids >= _MOST_GRIDS or loop.time() - began > _LONGEST_RECOUNT.total_seconds():
            break
    if wrong:
        return warning(
            f"Tallies of ended cases differ from the cases {wrong} times in {grids} grids.",
            "Run `yiwang migrate --again`, or `make recount`; both may run beside the city.",
        )
    return fine(f"Tallies agree with the cases in {grids} grids.")


async def look_at_administrators(patient: Patient) -> list[Finding]:
    """Rules, people and the audit log each have somebody who keeps them."""
    people = patient.city.database.people
    missing = [
        role.value for role in sorted(ADMINISTRATION)
        if await people.find_one({"role": role.value, "disabled": False}, {"_id": 1}) is None
    ]  # fmt: skip
    if missing:
        do = "Give the post to somebody: `yiwang people set-post PERSON --role ROLE`."
        return warning(f"Nobody has the post {', '.join(missing)}.", do)
    return fine("Rules, people and the audit log each have a keeper.")
