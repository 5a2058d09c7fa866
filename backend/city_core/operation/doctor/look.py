"""The doctor goes through the table of checks; each says in sentences what it found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

import structlog

from city_core.kit.logs import failure
from city_core.kit.mongo import is_unreachable
from city_core.operation.doctor.finding import Check, Finding, Patient, Severity
from city_core.operation.doctor.indexes import look_at_indexes
from city_core.operation.doctor.rules import (
    look_at_administrators,
    look_at_calendar,
    look_at_rulebooks,
    look_at_tallies,
)
from city_core.operation.doctor.servers import (
    look_at_clock,
    look_at_disk,
    look_at_mongodb,
    look_at_photo_store,
    look_at_redis,
    look_at_replica_set,
)
from city_core.operation.doctor.settings import look_at_keys, look_at_services
from city_core.operation.doctor.work import (
    look_at_feed,
    look_at_migrations,
    look_at_restore,
    look_at_stuck_work,
    look_at_workers,
)

log = structlog.get_logger()
CHECKS = (
    Check("mongodb", "MongoDB answers and is not too old", look_at_mongodb, None),
    Check("replica-set", "MongoDB is a replica set with a majority", look_at_replica_set),
    Check("clock", "clocks agree", look_at_clock),
    Check("disk", "the disk of MongoDB has room", look_at_disk),
    Check("restore", "no restore was broken off", look_at_restore),
    Check("indexes", "every index is there", look_at_indexes),
    Check("migrations", "every migration was made", look_at_migrations),
    Check("redis", "Redis answers and forgets nothing", look_at_redis, None),
    Check("photo-store", "the store of photos answers", look_at_photo_store, None),
    Check("keys", "keys are set", look_at_keys, None),
    Check("services", "people are reached", look_at_services, None),
    Check("workers", "a jobs worker is alive", look_at_workers),
    Check("feed", "what phones keep is fed", look_at_feed),
    Check("stuck-work", "no work is stuck", look_at_stuck_work),
    Check("rulebooks", "rulebooks are in force", look_at_rulebooks),
    Check("calendar", "the calendar knows the year", look_at_calendar),
    Check("tallies", "tallies agree with cases", look_at_tallies),
    Check("administrators", "rules, people and audit are kept", look_at_administrators),
)


@dataclass(frozen=True)
class Looked:
    """What one check found."""

    check: Check
    findings: list[Finding]

    @property
    def is_fine(self) -> bool:
        return all(one.severity is Severity.FINE for one in self.findings)


async def examine(patient: Patient, only: Collection[str] = ()) -> AsyncIterator[Looked]:
    """Look at everything, or at what is named; what needs a server that is gone is skipped."""
    gone: set[str] = set()
    for check in CHECKS:
        if only and check.name not in only and check.name != "mongodb":
            continue
        if check.needs in gone:
            skipped = Finding(Severity.SKIPPED, f"Not looked at: {check.needs} does not answer.")
            yield Looked(check, [skipped])
            continue
        found = await _look(check, patient)
        if any(one.severity is Severity.FAULT for one in found):
            gone.add(check.name)
        yield Looked(check, found)


async def _look(check: Check, patient: Patient) -> list[Finding]:
    """Look at one thing; a look that fails is a finding itself."""
    try:
        return await check.look(patient)
    except Exception as error:
        log.warning("doctor_failed", check=check.name, **failure(error))
        says = f"Could not be looked at ({type(error).__name__})."
        do = "MongoDB stopped answering." if is_unreachable(error) else "Look at the log for doctor_failed."
        return [Finding(Severity.FAULT, says, do)]
