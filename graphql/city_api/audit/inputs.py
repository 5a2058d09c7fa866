"""What the auditor looks for."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import AuditVerb
from city_core.audit.queries import EntryFilter
from city_core.audit.verbs import Verb
from city_core.kit.instants import checked_instant


@strawberry.input(description="What the audit log is narrowed down to.")
class AuditFilterInput:
    verbs: list[AuditVerb] | None = None
    person_id: strawberry.ID | None = strawberry.field(default=None, description="Who did it.")
    subject_id: str | None = strawberry.field(default=None, description="What it was done to.")
    subject_person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whom it was done to, or whose data were read by themselves."
    )
    since: datetime | None = None
    before: datetime | None = None

    def wanted(self) -> EntryFilter:
        """See it the way the core takes it."""
        return EntryFilter(
            None if self.verbs is None else [Verb(verb) for verb in self.verbs],
            self.person_id,
            self.subject_id,
            self.subject_person_id,
            checked_instant(self.since, "since"),
            checked_instant(self.before, "before"),
        )
