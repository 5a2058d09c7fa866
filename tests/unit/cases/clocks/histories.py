"""Histories as they stand on record, as short as a test can say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.catalogue.limits import Limit
from city_core.kit.calendar import BEIJING

Row = dict[str, Any]


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc,arg-type]


class History(list[Row]):
    """A history that grows by steps; each starts in the state where the one before ended."""

    def step(self, at: datetime, action: str, to: str | None = None, *, to_department: str | None = None,
             **facts: Any) -> History:  # fmt: skip
        before = self[-1]["to_state"] if self else None
        self.append({
            "seq": len(self) + 1, "action": action, "at": at, "from_state": before,
            "to_state": to or before, "receiver_department_id": to_department, "facts": facts,
        })  # fmt: skip
        return self


def reported(at: datetime) -> History:
    return History().step(at, "SUBMIT", "REPORTED", rules={})


def filed(at: datetime, limit: Limit) -> History:
    """A case that was reported, admitted and filed at one instant."""
    history = reported(at).step(at, "ADMIT", "PENDING_FILING")
    return history.step(at, "FILE", "FILED", limit=limit.row(), rules={})


def handled_by(at: datetime, limit: Limit, department: str = "sanitation") -> History:
    """A case that was filed, dispatched and accepted at one instant."""
    history = filed(at, limit).step(at, "DISPATCH", "DISPATCHED", to_department=department)
    return history.step(at, "ACCEPT", "IN_PROGRESS")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
