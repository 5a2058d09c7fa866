"""The audit log as the auditor sees it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import AuditKind, AuditVerb
from city_api.paging import PageInfo, page_info
from city_api.rows import computed, stored


@strawberry.type(description="One line of the audit log 审计日志: who did or read what, when and why.")
class AuditEntry:
    id: strawberry.ID = stored("_id")
    seq: int | None = stored("seq", "Its number in the chain; nothing until it is sealed.")
    at: datetime = stored("at")
    verb: AuditVerb = computed(lambda row, _: AuditVerb(row["verb"]), needs=("verb",))
    post: str = stored(
        "post", "Their post at the time; OPERATOR at the city's machine, blank for a stranger."
    )
    person_reference: str = stored("person_ref", "Who, as the log has it; one person has the same.")
    person_id: strawberry.ID | None = stored("person_id", "Whom it leads to; nothing after their deletion.")
    person_name: str | None = computed(
        lambda row, context: context.names.name(row["person_id"]), needs=("person_id",), later=True
    )
    subject_kind: AuditKind = computed(lambda row, _: AuditKind(row["subject_kind"]), needs=("subject_kind",))
    subject_id: str = stored("subject_id", "What it was done to; of a person, a reference.")
    subject_person_id: strawberry.ID | None = stored("subject_person_id")
    subject_count: int = stored("subject_count", "How many were read at once.")
    reason: str = stored("reason", "Why, as they said it; long numbers are masked.")
    detail: str = stored("detail")
    origin: str = stored("origin", "The app, or the web.")
    network: str = stored("network", "The network that it came from.")
    command_id: str = stored("command_id")
    is_sealed: bool = stored("is_sealed", "Whether it is part of the chain already.")


@strawberry.type(description="One page of the audit log, the newest first.")
class AuditEntryConnection:
    nodes: list[AuditEntry] = computed(lambda page, _: page.rows)
    page_info: PageInfo = computed(lambda page, _: page_info(page))


@strawberry.type(
    description="The signed end of the chain: kept outside the city, it shows later that nothing was cut off."
)
class AuditHead:
    seq: int = computed(lambda view, _: view.head.seq, description="Entries in the chain.")
    hash: str = computed(lambda view, _: view.head.hash, description="Seal of the last one, 64 hex digits.")
    time: str = computed(lambda view, _: view.head.time, description="When it was signed, as it was signed.")
    key_id: str = computed(lambda view, _: view.head.key_id)
    signature: str = computed(lambda view, _: view.head.signature, description="Ed25519, base64.")
    public_key: str = computed(
        lambda view, _: view.public_key, description="Checks the signature, 64 hex digits; keep it elsewhere."
    )
    file: str = computed(
        lambda view, _: view.head.to_json(),
        description="The file to keep, for `verify-audit --head`.",
    )
    waiting: int = computed(lambda view, _: view.waiting, description="Entries that are not sealed yet.")
