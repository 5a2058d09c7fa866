"""Looks at what goes on: workers alive, the feed of the phones, stuck work, a restore or migrations open."""

from __future__ import annotations

from datetime import timedelta

from city_core.kit.duties import COLLECTION as DUTIES
from city_core.operation.doctor.finding import Finding, Patient, fault, fine, warning
from city_core.operation.migrations.run import outstanding
from city_core.operation.model import RESTORE, RESTORES
from city_core.operation.work_items import Standing, count_stuck
from city_core.sync.model import FEED

_SILENT_AFTER = timedelta(minutes=5)  # the shortest duties come round every minute
_NOBODY_FEEDS_AFTER = timedelta(minutes=1)


async def look_at_workers(patient: Patient) -> list[Finding]:
    """A jobs worker took a turn of a duty within the last minutes."""
    city = patient.city
    first = await city.database[DUTIES].find_one({}, sort=[("due_at", 1)])
    do = "Start `python -m city_workers.main`, and look at its log."
    if first is None:
        return fault("No jobs worker has ever run in this city.", do)
    late = city.clock.now() - first["due_at"]
    if late > _SILENT_AFTER:
        minutes = late.total_seconds() / 60
        return fault(f"No jobs worker is alive: {first['_id']} waits for {minutes:.0f} minutes.", do)
    return fine("A jobs worker is alive.")


async def look_at_feed(patient: Patient) -> list[Finding]:
    """The feed of what phones keep is led by a worker, and complete."""
    row = await patient.city.database.sync_feed.find_one({"_id": FEED})
    if row is None:
        return warning("The feed of what phones keep was never made.", "Start a jobs worker.")
    silent = patient.city.clock.now() - row["leased_until"]
    if silent > _NOBODY_FEEDS_AFTER:
        minutes = silent.total_seconds() / 60
        return fault(
            f"Nobody has fed what phones keep for {minutes:.0f} minutes: they see old lists.",
            "Start a jobs worker, or look for sync_feed_failed in its log.",
        )
    if not row.get("is_complete"):
        return warning("What phones keep is being made anew; they wait.", "Wait some minutes.")
    return fine("What phones keep is fed.")


async def look_at_stuck_work(patient: Patient) -> list[Finding]:
    """No work was given up or waits for minutes."""
    given_up = await count_stuck(patient.city, Standing.GIVEN_UP)
    late = await count_stuck(patient.city, Standing.LATE)
    found = []
    if given_up:
        do = "See which with `yiwang work list`, mend the cause, then `yiwang work retry`."
        found += warning(f"Work was given up: {_told(given_up)}.", do)
    if late:
        do = "Look whether the worker of that kind runs; see 'Work is stuck' in backend/runbook.md."
        found += fault(f"Work is late by minutes: {_told(late)}.", do)
    return found or fine("No work is stuck.")


async def look_at_migrations(patient: Patient) -> list[Finding]:
    """Every step of migration was made."""
    steps = await outstanding(patient.city, patient.steps)
    if not steps:
        return fine("All migrations are made.")
    names = ", ".join(step.name for step in steps)
    return warning(f"Migrations are outstanding: {names}.", "Run `yiwang migrate`.")


async def look_at_restore(patient: Patient) -> list[Finding]:
    """No restore was broken off."""
    row = await patient.city.database[RESTORES].find_one({"_id": RESTORE})
    if row is None:
        return fine("No restore is under way.")
    return fault(
        f"A restore of {row['backup']} began at {row['begun_at']:%Y-%m-%d %H:%M} UTC and has not ended.",
        "Let it end, or begin it anew with `yiwang restore --replace`; start no process before.",
    )


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items()))
