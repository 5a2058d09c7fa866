"""Whoever takes what they were told of has answered the message: noted with the step itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from city_core.cases.notices import NoticeKind
from city_core.kit.work import WorkItem
from city_core.people.roles import Actor


def answered(
    actor: Actor, kinds: Collection[NoticeKind], seq: int, now: datetime, *, sent_seq: int | None = None
) -> WorkItem:
    """Ask that a person's messages about a case count as accepted: those sent by one step, or up to `seq`."""
    given = {
        "person_id": actor.person_id, "device_id": actor.device_id, "seq": seq, "sent_seq": sent_seq,
        "kinds": sorted(kind.value for kind in kinds),
    }  # fmt: skip
    return WorkItem("note_answered", f"note_answered:{seq}", now, given)
