"""Commands of phones: each carries an id that the phone made, so that it can be repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from city_core.kit.ids import checked_client_id
from city_core.kit.marks import input_hash

__all__ = ["Command", "input_hash"]

_UNUSUAL = re.compile(r"[^\w .:/()+-]")


@dataclass(frozen=True)
class Command:
    """One command as the phone sent it: its id, the phone's own time, and where it came from.

    `base_version` is the version of the case that the person saw; `made_at` is the phone's time put right by
    how far its clock was off, where that was measured.
    """

    client_id: str
    device_time: datetime | None = None
    origin: str = "web"
    base_version: int | None = None
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "client_id", checked_client_id(self.client_id))
        object.__setattr__(self, "origin", _UNUSUAL.sub("", self.origin)[:60] or "unknown")
