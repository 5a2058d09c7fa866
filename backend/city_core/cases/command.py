"""Commands of phones: each carries an id that the phone made, so that it can be repeated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from city_core.kit.ids import checked_client_id

_UNUSUAL = re.compile(r"[^\w .:/()+-]")


@dataclass(frozen=True)
class Command:
    """One command as the phone sent it: its id, the phone's own time, and where it came from."""

    client_id: str
    device_time: datetime | None = None
    origin: str = "web"

    def __post_init__(self) -> None:
        object.__setattr__(self, "client_id", checked_client_id(self.client_id))
        object.__setattr__(self, "origin", _UNUSUAL.sub("", self.origin)[:60] or "unknown")


def input_hash(action: str, given: Mapping[str, Any]) -> str:
    """Make a short mark of a command's input, to tell a repetition from a reuse."""
    text = orjson.dumps([action, dict(given)], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(text).hexdigest()[:32]
